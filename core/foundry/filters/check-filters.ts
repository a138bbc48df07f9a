import type { ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import {
  contaminationCheck,
  contaminationFlags,
  findContamination,
  type ContaminationIndex,
} from '../contamination/find-contamination.ts';
import { applyPii } from '../pii/apply-pii.ts';
import { createRowPiiFinder, type PiiDetectors } from '../pii/domain-detectors.ts';
import { piiKinds } from '#contract/dataset-checks.ts';
import { piiFlags } from '../pii/row-pii.ts';
import { dropFor, keep, plainFilter, type FilterVerdict, type RowFilter } from './row-filter.ts';

type StepOf<Kind extends ViewStep['kind']> = Extract<ViewStep, { kind: Kind }>;

const saidOfPii = {
  mask: 'filter.pii-masked',
  replace: 'filter.pii-replaced',
  drop: 'filter.pii-dropped',
  review: 'filter.pii-review',
} as const;

/** Chooses the fakes of `replace`; one seed, so that the same value is the same fake in every version. */
const fakeSeed = 1;
/** Stands for every kind in a step's list. */
export const everyPiiKind = 'all';

/** Whether a step is about every kind there is: where it names all the usual ones, those of a domain's detectors are meant as well. */
export function asksForEveryKind(kinds: readonly string[]): boolean {
  return kinds.includes(everyPiiKind) || piiKinds.every((kind) => kinds.includes(kind));
}

/** Personal data and secrets (D-13). Rows that a person let pass (`accepted`) stay as they are. */
export function piiFilter({ action, kinds, accepted = [] }: StepOf<'pii'>, detectors: PiiDetectors): RowFilter {
  const find = createRowPiiFinder(detectors, asksForEveryKind(kinds) ? undefined : kinds);
  const passed = new Set(accepted);
  return plainFilter((row) => {
    if (passed.has(row.id)) return keep;
    const found = find(row);
    if (found.length === 0) return keep;
    const why = say(saidOfPii[action], { kinds: [...new Set(found.map(({ kind }) => kind))].join(', ') });
    const changed = applyPii(row, found, { otherwise: action, seed: fakeSeed });
    return changed === null ? { kind: 'drop', why, flags: piiFlags(found) } : { kind: 'change', row: changed, why };
  });
}

/** Tasks of benchmarks and of held-out splits (D-12). What is only similar is never dropped: it is put before a person. */
export function contaminationFilter({ action }: StepOf<'contamination'>, index: ContaminationIndex): RowFilter {
  return plainFilter((row) => {
    const hits = findContamination(row, index);
    const [first] = hits;
    if (first === undefined) return keep;
    const flags = contaminationFlags(hits);
    const isCertain = hits.some(({ kind }) => kind !== 'similar');
    const task = `${first.set}/${first.id}`;
    const why = say(isCertain ? 'filter.task' : 'filter.task-review', { task });
    if (isCertain && action === 'drop') return { kind: 'drop', why, flags };
    const others = row.flags.filter(({ check }) => check !== contaminationCheck);
    return { kind: 'change', why, row: { ...underReview(row), flags: [...others, ...flags] } };
  });
}

function underReview(row: CanonicalRow): CanonicalRow {
  return row.training_eligible === true ? { ...row, training_eligible: 'review' } : row;
}

/** Rows that may be trained on (D-14): those of providers whose terms the person accepted become eligible, others that wait go. */
export function eligibleFilter({ acceptedProviders }: StepOf<'eligible'>): RowFilter {
  const accepted = new Set(acceptedProviders);
  return plainFilter((row): FilterVerdict => {
    if (row.training_eligible === true) return keep;
    if (row.training_eligible === false) return dropFor(say('filter.not-allowed'));
    const { teacher = '' } = row.source;
    const provider = teacher.split('/')[0] ?? '';
    if (!accepted.has(provider) && !accepted.has(teacher)) return dropFor(say('filter.terms-open', { teacher }));
    return { kind: 'change', row: { ...row, training_eligible: true }, why: say('filter.terms-accepted', { teacher }) };
  });
}
