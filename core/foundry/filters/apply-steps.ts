import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { mulberry32 } from '../../random/mulberry32.ts';
import { textsOf } from '../row-texts.ts';
import type { FilterVerdict, RowFilter } from './row-filter.ts';

const mostExamples = 20;
const exampleCharacters = 2_000;

/** A step with the filter that does it. */
export interface FilterStep {
  readonly step: ViewStep;
  readonly filter: RowFilter;
}

export interface ApplyOptions {
  /** Opens the rows of the version once more, in their order. */
  readonly open: () => AsyncIterable<readonly CanonicalRow[]>;
  /** Called between rows and between pieces of longer work, with the rows read in all passes so far; throws to give up. */
  readonly pause: (rowsRead: number) => Promise<void> | undefined;
  /** Gets every row that all steps keep, as they left it. */
  readonly onKept?: (row: CanonicalRow) => void;
}

/** How often the rows are read: once, and once more for each step that has to see all rows before it judges one. */
export function passesOf(steps: readonly FilterStep[]): number {
  return 1 + steps.filter(({ filter }) => filter.lookahead !== undefined).length;
}

/**
 * Applies steps in their order, each to what the ones before it kept (D-8). Nothing is kept in memory but what a filter remembers and 20 examples a step, which
 * are spread over the rows rather than the first ones: reservoir sampling with a fixed sequence, so the same rows give the same examples.
 */
export async function applySteps(steps: readonly FilterStep[], options: ApplyOptions): Promise<StepOutcome[]> {
  const filters = steps.map(({ filter }) => filter);
  let rowsRead = 0;
  const eachRow = async (passed: readonly RowFilter[], take: (row: CanonicalRow) => void): Promise<void> => {
    for (const filter of passed) filter.begin();
    for await (const rows of options.open()) {
      for (const row of rows) {
        take(row);
        rowsRead += 1;
        const pausing = options.pause(rowsRead);
        if (pausing !== undefined) await pausing;
      }
    }
  };
  for (const [index, { lookahead }] of filters.entries()) {
    if (lookahead === undefined) continue;
    const before = filters.slice(0, index);
    await eachRow(before, (row) => {
      const left = passThrough(row, before);
      if (left !== null) lookahead.see(left);
    });
    for (const _ of lookahead.settle()) await options.pause(rowsRead);
  }
  const ledgers = steps.map(({ step }) => createLedger(step));
  await eachRow(filters, (given) => {
    let row = given;
    for (const [index, filter] of filters.entries()) {
      const verdict = filter.judge(row);
      ledgers[index]?.note(row, verdict);
      if (verdict.kind === 'drop') return;
      if (verdict.kind === 'change') row = verdict.row;
    }
    options.onKept?.(row);
  });
  return ledgers.map((ledger) => ledger.outcome());
}

function passThrough(row: CanonicalRow, filters: readonly RowFilter[]): CanonicalRow | null {
  let left = row;
  for (const filter of filters) {
    const verdict = filter.judge(left);
    if (verdict.kind === 'drop') return null;
    if (verdict.kind === 'change') left = verdict.row;
  }
  return left;
}

type Example = StepOutcome['examples'][number];

/** Counts and examples of one step. */
export interface StepLedger {
  note(row: CanonicalRow, verdict: FilterVerdict): void;
  outcome(): StepOutcome;
}

/** 20 examples are spread over the rows; the same rows give the same ones. */
export function createLedger(step: ViewStep): StepLedger {
  let [kept, dropped, changed] = [0, 0, 0];
  const examples: Example[] = [];
  const random = mulberry32(0);
  return {
    note(row, verdict) {
      if (verdict.kind === 'drop') dropped += 1;
      else kept += 1;
      if (verdict.kind === 'keep') return;
      if (verdict.kind === 'change') changed += 1;
      const place = examples.length < mostExamples ? examples.length : Math.floor(random() * (dropped + changed));
      if (place < mostExamples) examples[place] = exampleOf(row, verdict);
    },
    outcome: () => ({ step, kept, dropped, changed, ...countedBy(step), examples }),
  };
}

/** Tokens are counted by a tokenizer or estimated by characters; which of both is always told. */
function countedBy(step: ViewStep): Pick<StepOutcome, 'counted'> {
  if (step.kind !== 'length' || step.unit === 'characters') return {};
  return { counted: typeof step.base === 'string' ? 'tokenizer' : 'estimated' };
}

function exampleOf(row: CanonicalRow, verdict: Exclude<FilterVerdict, { kind: 'keep' }>): Example {
  const after = verdict.kind === 'change' ? verdict.row : null;
  const flags = verdict.kind === 'change' ? verdict.row.flags : [...row.flags, ...(verdict.flags ?? [])];
  return {
    id: row.id,
    before: shown(row),
    after: after === null ? null : shown(after),
    why: verdict.why,
    flags: flags.slice(0, 50),
  };
}

/** A row as one text: who says what. */
function shown(row: CanonicalRow): string {
  const text = textsOf(row)
    .map(({ role, text: said }) => (role === 'text' ? said : `${role}: ${said}`))
    .join('\n');
  return text.length > exampleCharacters ? `${text.slice(0, exampleCharacters)}…` : text;
}
