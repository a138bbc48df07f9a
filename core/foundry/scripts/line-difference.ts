import type { ScriptDiffLine } from '#contract/scripts.ts';

/** Beyond this many pairs of lines the middle is shown as taken out and put in: exact, only not the shortest. */
const mostPairs = 4_000_000;

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
}

/** Lengths of the longest common subsequences of all tails (Wagner and Fischer 1974), one row behind the other. */
function tailLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let a = before.length - 1; a >= 0; a -= 1)
    for (let b = after.length - 1; b >= 0; b -= 1) {
      const [down, right] = [lengths[(a + 1) * width + b] ?? 0, lengths[a * width + b + 1] ?? 0];
      const isSame = before[a] === after[b];
      lengths[a * width + b] = isSame ? (lengths[(a + 1) * width + b + 1] ?? 0) + 1 : Math.max(down, right);
    }
  return lengths;
}

type Kind = ScriptDiffLine['kind'];

function middle(before: readonly string[], after: readonly string[]): Kind[] {
  const [removed, added] = [(): Kind => 'removed', (): Kind => 'added'];
  if (before.length * after.length > mostPairs) return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const lengths = tailLengths(before, after);
  const kinds: Kind[] = [];
  for (let [a, b] = [0, 0]; a < before.length || b < after.length;) {
    const isOld = a < before.length;
    if (isOld && b < after.length && before[a] === after[b]) {
      kinds.push('same');
      [a, b] = [a + 1, b + 1];
    } else if (
      isOld &&
      (b >= after.length || (lengths[(a + 1) * width + b] ?? 0) >= (lengths[a * width + b + 1] ?? 0))
    ) {
      kinds.push('removed');
      a += 1;
    } else {
      kinds.push('added');
      b += 1;
    }
  }
  return kinds;
}

/** Line by line what makes one text of another. `before` is empty for a text that is new as a whole. */
export function lineDifference(before: string, after: string): ScriptDiffLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const same = (count: number): Kind[] => Array.from({ length: count }, () => 'same');
  const changed = middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  let [a, b] = [0, 0];
  return [...same(head), ...changed, ...same(tail)].map((kind) => {
    const numbers = { before: kind === 'added' ? null : (a += 1), after: kind === 'removed' ? null : (b += 1) };
    return { kind, ...numbers, text: (kind === 'removed' ? old[a - 1] : fresh[b - 1]) ?? '' };
  });
}
