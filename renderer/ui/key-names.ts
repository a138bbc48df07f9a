const macSigns: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Ctrl: '⌃',
  Enter: '↵',
  Backspace: '⌫',
  Delete: '⌦',
  Escape: 'Esc',
};
const otherNames: Readonly<Record<string, string>> = { Mod: 'Ctrl', Escape: 'Esc', Delete: 'Del' };
const arrows: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Space: '␣',
};

/** What is printed for `Mod+Shift+K`: one part a key. `Mod` is the command key on a Mac and Ctrl elsewhere. */
export function keyParts(keys: string, isMac: boolean): readonly string[] {
  const signs = isMac ? macSigns : otherNames;
  return keys.split('+').map((key) => arrows[key] ?? signs[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** The same for `aria-keyshortcuts`, in the words of the standard. */
export function ariaKeys(keys: string, isMac: boolean): string {
  return keys
    .split('+')
    .map((key) => (key === 'Mod' ? (isMac ? 'Meta' : 'Control') : key === 'Ctrl' ? 'Control' : key))
    .join('+');
}

/** True when a key press is meant by `keys` ("Mod+Z", "J", "Shift+Enter"). Letters are compared without case. */
export function matchesKeys(event: KeyPress, keys: string, isMac: boolean): boolean {
  const wanted = new Set(keys.split('+'));
  const key = [...wanted].find((part) => !modifiers.has(part)) ?? '';
  const wantsControl = wanted.has('Ctrl') || (wanted.has('Mod') && !isMac);
  const wantsMeta = wanted.has('Mod') && isMac;
  if (event.ctrlKey !== wantsControl || event.metaKey !== wantsMeta || event.altKey !== wanted.has('Alt')) return false;
  // Signs such as "?" need Shift on some keyboards and not on others.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (!isSign && event.shiftKey !== wanted.has('Shift')) return false;
  return event.key.toLowerCase() === (key === 'Space' ? ' ' : key.toLowerCase());
}

const modifiers = new Set(['Mod', 'Ctrl', 'Alt', 'Shift']);

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}
