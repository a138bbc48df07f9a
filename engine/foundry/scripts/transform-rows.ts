import { createHash } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { ScriptCounts } from '#contract/scripts.ts';
import { textsOf } from '#core/foundry/row-texts.ts';
import { isStop, type SandboxSession } from '#core/foundry/scripts/sandbox.ts';
import { messageRows } from '#core/foundry/scripts/script-limits.ts';
import { takeResults } from '#core/foundry/scripts/take-results.ts';
import { errorOfStop } from './script-errors.ts';

/** Characters of one message, so that rows of any size go through in bounded memory. */
const messageCharacters = 8_000_000;

export interface TransformedRow {
  readonly place: number;
  readonly before: CanonicalRow;
  readonly after: readonly CanonicalRow[];
  readonly isUnchanged: boolean;
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function noCounts(): ScriptCounts {
  return { seen: 0, unchanged: 0, changed: 0, dropped: 0, added: 0, restored: 0 };
}

/** Rows in messages of at most 5,000. */
async function* messagesOf(
  batches: AsyncIterable<{ readonly rows: readonly CanonicalRow[] }>,
): AsyncGenerator<readonly CanonicalRow[]> {
  let [message, characters]: [CanonicalRow[], number] = [[], 0];
  for await (const { rows } of batches)
    for (const row of rows) {
      message.push(row);
      for (const { text } of textsOf(row)) characters += text.length;
      if (message.length < messageRows && characters < messageCharacters) continue;
      yield message;
      [message, characters] = [[], 0];
    }
  if (message.length > 0) yield message;
}

export interface Transformation {
  readonly session: SandboxSession;
  readonly script: string;
  readonly batches: AsyncIterable<{ readonly rows: readonly CanonicalRow[] }>;
  /** Added to while it goes. */
  readonly counts: ScriptCounts;
  /** Told what was printed. */
  readonly onPrinted: (text: string) => void;
}

function count(counts: ScriptCounts, row: TransformedRow, restored: number): void {
  const kind = row.after.length === 0 ? 'dropped' : row.isUnchanged ? 'unchanged' : 'changed';
  counts.seen += 1;
  counts[kind] += 1;
  counts.added += Math.max(0, row.after.length - 1);
  counts.restored += restored;
}

/**
 * Rows through a loaded script, message by message; what comes back is checked row by row.
 * @throws ForgeError script.* with the row and the traceback
 */
export async function* transformRows(work: Transformation): AsyncGenerator<readonly TransformedRow[]> {
  const { session, script, counts } = work;
  let first = 0;
  for await (const rows of messagesOf(work.batches)) {
    const answer = await session.transform(rows, first);
    if (isStop(answer)) throw errorOfStop(answer, script, { first, rows: rows.length });
    work.onPrinted(answer.printed);
    const transformed: TransformedRow[] = [];
    for (const [index, before] of rows.entries()) {
      const place = first + index;
      const taken = takeResults(before, answer.results[index] ?? [], digestOf);
      if (!taken.ok)
        throw new ForgeError('script.bad-row', { script, row: place + 1, place, reason: taken.reason, traceback: '' });
      const row = { place, before, after: taken.rows, isUnchanged: taken.isUnchanged };
      count(counts, row, taken.restored);
      transformed.push(row);
    }
    first += rows.length;
    yield transformed;
  }
}
