import type { Vote } from '#contract/comparisons.ts';

export type TurnAction =
  | { readonly kind: 'vote'; readonly vote: Vote }
  | { readonly kind: 'edit' | 'keep-example' | 'keep-preference' | 'differences' | 'plain' | 'next' | 'back' };

export interface TurnKeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const actions: Readonly<Record<string, TurnAction>> = {
  '=': { kind: 'vote', vote: 'tie' },
  '0': { kind: 'vote', vote: 'none' },
  e: { kind: 'edit' },
  k: { kind: 'keep-example' },
  p: { kind: 'keep-preference' },
  d: { kind: 'differences' },
  t: { kind: 'plain' },
  n: { kind: 'next' },
  b: { kind: 'back' },
};

/** What a key asks of a turn with `panes` answers; null when nothing. Shift is not looked at: "=" needs it on some keyboards. */
export function actionOfKey(press: TurnKeyPress, panes: number): TurnAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.key.length !== 1) return null;
  const pane = '1234'.indexOf(press.key);
  if (pane >= 0) return pane < panes ? { kind: 'vote', vote: { pane } } : null;
  return actions[press.key.toLowerCase()] ?? null;
}

/** Voting the same once more takes the vote back. */
export function votedAgain(present: Vote | null, wished: Vote): Vote | null {
  return isSameVote(present, wished) ? null : wished;
}

export function isSameVote(a: Vote | null, b: Vote | null): boolean {
  return typeof a === 'object' && a !== null && typeof b === 'object' && b !== null ? a.pane === b.pane : a === b;
}
