import type { Interpreter, InterpreterCandidate } from '#core/ports/python-environment.ts';

/** Compares dotted versions number by number; missing numbers are 0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < 4; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** True when `version` lies in the range; `maximum` names a minor version, all of whose patches count. */
export function isInRange(version: string, range: { readonly minimum: string; readonly maximum: string }): boolean {
  const minor = version.split('.').slice(0, 2).join('.');
  return compareVersions(version, range.minimum) >= 0 && compareVersions(minor, range.maximum) <= 0;
}

export type InterpreterChoice =
  | { readonly kind: 'chosen'; readonly interpreter: Interpreter }
  /** Pythons are there, none fits; `newest` is the newest of them. */
  | { readonly kind: 'unfit'; readonly newest: InterpreterCandidate }
  | { readonly kind: 'none' };

/** The first usable candidate in range (callers list them by preference). */
export function chooseInterpreter(
  candidates: readonly InterpreterCandidate[],
  range: { readonly minimum: string; readonly maximum: string },
): InterpreterChoice {
  const chosen = candidates.find(({ problem, version }) => problem === null && isInRange(version, range));
  if (chosen)
    return { kind: 'chosen', interpreter: { path: chosen.path, version: chosen.version, origin: chosen.origin } };
  const newest = [...candidates].toSorted((a, b) => compareVersions(b.version, a.version))[0];
  return newest ? { kind: 'unfit', newest } : { kind: 'none' };
}
