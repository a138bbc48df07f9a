import type { ScriptDiffLine } from '#contract/scripts.ts';

/** Lines around a change that stay in view. */
const context = 3;

/** The lines of a difference that are worth a look: changes and what stands around them; a number is how many were left out there. */
export function hunksOf(lines: readonly ScriptDiffLine[]): readonly (ScriptDiffLine | number)[] {
  const hunks: (ScriptDiffLine | number)[] = [];
  for (const [index, line] of lines.entries()) {
    const around = lines.slice(Math.max(0, index - context), index + context + 1);
    const last = hunks.at(-1);
    if (around.some(({ kind }) => kind !== 'same')) hunks.push(line);
    else if (typeof last === 'number') hunks[hunks.length - 1] = last + 1;
    else hunks.push(1);
  }
  return hunks;
}
