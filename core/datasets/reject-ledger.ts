import type { RejectedRow, RejectReason } from '#contract/datasets.ts';

const examplesPerReason = 5;
const excerptCharacters = 200;

/** Counts what was not taken and keeps a bounded list of examples, the first of each reason. */
export interface RejectLedger {
  add(rejected: RejectedRow): void;
  total(): number;
  byReason(): Record<string, number>;
  examples(): RejectedRow[];
}

export function createRejectLedger(onRejected: ((rejected: RejectedRow) => void) | undefined): RejectLedger {
  const counts = new Map<RejectReason, number>();
  const kept: RejectedRow[] = [];
  let total = 0;
  return {
    add(rejected) {
      const row = { ...rejected, excerpt: rejected.excerpt.slice(0, excerptCharacters).toWellFormed() };
      const count = (counts.get(row.reason) ?? 0) + 1;
      counts.set(row.reason, count);
      total += 1;
      if (count <= examplesPerReason) kept.push(row);
      onRejected?.(row);
    },
    total: () => total,
    byReason: () => Object.fromEntries(counts),
    examples: () => kept.toSorted((a, b) => a.line - b.line),
  };
}

/** "3 EMPTY_ANSWER, 1 BAD_JSON": counts in words, most frequent first. */
export function reasonsInWords(byReason: Readonly<Record<string, number>>): string {
  return Object.entries(byReason)
    .toSorted((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}
