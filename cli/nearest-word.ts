/** Edits (insert, remove, replace, swap of neighbours) between two words: optimal string alignment distance. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** The candidate a person most likely meant, or null when none is near (more than a third of its letters differ, or over 3). */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  const lower = word.toLowerCase().slice(0, 60);
  const scored = candidates
    .map((candidate) => ({
      candidate,
      distance: lower.length >= 3 && candidate.startsWith(lower) ? 0.5 : editDistance(lower, candidate),
    }))
    .filter(({ candidate, distance }) => distance <= Math.min(3, Math.max(1, Math.ceil(candidate.length / 3))));
  scored.sort((left, right) => left.distance - right.distance);
  return scored[0]?.candidate ?? null;
}
