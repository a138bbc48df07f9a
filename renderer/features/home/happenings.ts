import type { ComparisonView } from '#contract/comparisons.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { speakerNow } from '../../words/speaker.ts';

/** Something that happened, as one line. */
export interface Happening {
  readonly id: string;
  readonly kind: 'succeeded' | 'failed' | 'cancelled' | 'interrupted' | 'compared' | 'comparison-stopped';
  readonly name: string;
  /** The verdict, what went wrong, or the models that were compared. */
  readonly text: string;
  /** Unix time, ms. */
  readonly at: number;
  readonly to: string;
}

/** What came to an end, newest first, at most `limit`. */
export function lastHappenings(
  mainJobs: Iterable<MainJobView>,
  comparisons: readonly ComparisonView[],
  limit = 5,
): readonly Happening[] {
  const all = [...mainJobs].flatMap(happeningOfRun).concat(comparisons.flatMap(happeningOfComparison));
  return all.toSorted((one, other) => other.at - one.at || one.id.localeCompare(other.id)).slice(0, limit);
}

function happeningOfRun(view: MainJobView): readonly Happening[] {
  const { id, name, version, state, updatedAt, result, failure } = view;
  if (state === 'waiting' || state === 'running') return [];
  const reached = view.steps.findLast((step) => step.state !== 'waiting' && step.text !== '');
  return [
    {
      id: `run:${id}`,
      kind: state,
      name: `${name}:v${version}`,
      text: result?.verdict ?? (failure === null ? reached?.text : speakerNow().failure(failure).message) ?? '',
      at: updatedAt,
      to: `/runs/${encodeURIComponent(id)}`,
    },
  ];
}

function happeningOfComparison(view: ComparisonView): readonly Happening[] {
  if (view.state === 'running') return [];
  return [
    {
      id: `comparison:${view.id}`,
      kind: view.state === 'done' ? 'compared' : 'comparison-stopped',
      name: view.title,
      text: view.models.map(({ label }) => label).join(' · '),
      at: view.updatedAt,
      to: `/compare/${encodeURIComponent(view.id)}`,
    },
  ];
}
