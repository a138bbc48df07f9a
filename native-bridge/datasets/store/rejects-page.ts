import { rejectEntry, type RejectEntry } from '#contract/dataset-versions.ts';
import type { RejectsPage, RejectsRange } from '#core/foundry/version-store.ts';
import { readLineBatches } from './row-lines.ts';

/** Lines between two places that are remembered. */
const stepLines = 1_000;

/** A place in a rejects file, and how many of each reason stand before it. */
interface Step {
  readonly offset: number;
  readonly lines: number;
  readonly before: Readonly<Record<string, number>>;
}

/** What is remembered of a rejects file, so that no page reads it from the beginning. */
export interface RejectSteps {
  readonly steps: readonly Step[];
  readonly total: number;
  readonly byCode: Readonly<Record<string, number>>;
}

const codeKey = ',"code":"';

/** The reason of a line without parsing it: quotes inside of texts are escaped, so these signs stand before the real one only. */
function codeOf(line: Buffer): string {
  const start = line.indexOf(codeKey) + codeKey.length;
  return line.toString('latin1', start, line.indexOf('"', start));
}

export async function lookThroughRejects(file: string): Promise<RejectSteps> {
  const steps: Step[] = [{ offset: 0, lines: 0, before: {} }];
  const byCode: Record<string, number> = {};
  let total = 0;
  for await (const lines of readLineBatches(file)) {
    for (const { offset, bytes } of lines) {
      if (total % stepLines === 0 && total > 0) steps.push({ offset, lines: total, before: { ...byCode } });
      const code = codeOf(bytes);
      byCode[code] = (byCode[code] ?? 0) + 1;
      total += 1;
    }
  }
  return { steps, total, byCode };
}

/** Some rejects of a version, in the order they were met; all, or those of one reason. */
export async function rejectsPage(file: string, known: RejectSteps, range: RejectsRange): Promise<RejectsPage> {
  const { offset, limit, code } = range;
  const before = ({ lines, before: counts }: Step): number => (code === null ? lines : (counts[code] ?? 0));
  const step = known.steps.findLast((one) => before(one) <= offset) ?? { offset: 0, lines: 0, before: {} };
  const rejects: RejectEntry[] = [];
  let place = before(step);
  for await (const lines of readLineBatches(file, step.offset)) {
    for (const { bytes } of lines) {
      if (rejects.length >= limit) break;
      if (code !== null && codeOf(bytes) !== code) continue;
      if (place >= offset) rejects.push(rejectEntry.parse(JSON.parse(bytes.toString('utf8'))));
      place += 1;
    }
    if (rejects.length >= limit) break;
  }
  const reasons = Object.entries(known.byCode).map(([name, count]) => ({ code: name, count }));
  const total = code === null ? known.total : (known.byCode[code] ?? 0);
  return { total, rejects, reasons: reasons.toSorted((a, b) => b.count - a.count) };
}
