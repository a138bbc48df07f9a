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

/** Read after a number: "3 without an answer". */
const inWords: Readonly<Record<RejectReason, string>> = {
  BAD_ENCODING: 'with text that cannot be decoded',
  BAD_JSON: 'that are not valid JSON',
  NAN_INF: 'with NaN or Infinity, which JSON does not know',
  TRUNCATED: 'cut off in the middle',
  NOT_OBJECT: 'that are JSON, but not objects',
  TOO_DEEP: 'nested too deep',
  TOO_LONG: 'too long',
  RAGGED_SHORT: 'with fewer fields than the header',
  RAGGED_LONG: 'with more fields than the header',
  BAD_QUOTE: 'with a quotation mark in the wrong place',
  UNCLOSED_QUOTE: 'with a quotation mark that is never closed',
  UNKNOWN_SHAPE: 'without a question and an answer that can be told apart',
  EMPTY_PROMPT: 'without a question',
  EMPTY_ANSWER: 'without an answer',
  BAD_ROLE: 'with an unknown role',
  BAD_ROLE_ORDER: 'with roles in the wrong order',
  BAD_WEIGHT: 'with a weight other than 0 or 1',
  NOTHING_TO_LEARN: 'with nothing to learn from',
  UNSUPPORTED_PART: 'with pictures, sound or files',
  UNSUPPORTED_TOOLS: 'with tool calls',
  EMPTY_FIELD: 'with an empty question or answer',
  SAME_ANSWERS: 'whose two answers are the same',
  BAD_MARKERS: 'with ChatML markers that do not match',
  BAD_LABEL: 'with a label other than good or bad',
  BAD_TOOL_CALL: 'with a tool call that cannot be read',
  UNREADABLE_FILE: 'that are files which cannot be read',
};

/** "25 without an answer, 3 that are not valid JSON": counts in words, most frequent first. */
export function reasonsInWords(byReason: Readonly<Record<string, number>>): string {
  return Object.entries(byReason)
    .toSorted((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${count} ${inWords[reason as RejectReason] ?? reason}`)
    .join(', ');
}
