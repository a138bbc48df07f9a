import type { JobView } from '#contract/jobs.ts';
import { exitCode } from '../failure.ts';
import { numberValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { findRun } from '../run-reference.ts';
import { pairs, table } from '../terminal/table.ts';
import { oneLine } from '../terminal/text.ts';
import { dateAndMinute, duration, loss, timeLeft } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

const defaultLimit = 20;

/** The state of a run as a person reads it: with its phase, share and time left while it runs. */
export function runStateText(job: JobView): string {
  if (job.state === 'queued' && job.queuePosition !== null) return `queued (${job.queuePosition})`;
  if (job.phase === null || job.state !== 'running') return job.state;
  const share = job.phase.fraction === null ? '' : ` ${Math.floor(job.phase.fraction * 100)} %`;
  const left = job.phase.etaSeconds === null ? '' : `, ${timeLeft(job.phase.etaSeconds)}`;
  return `${oneLine(job.phase.name)}${share}${left}`;
}

function paintedState(job: JobView, { palette }: ViewStyle): string {
  const text = runStateText(job);
  if (job.state === 'failed') return palette.bad(text);
  if (job.state === 'succeeded') return palette.good(text);
  if (job.state === 'interrupted' || job.state === 'paused') return palette.warn(text);
  return job.state === 'cancelled' ? palette.faint(text) : palette.accent(text);
}

function runTable(jobs: readonly JobView[], style: ViewStyle): string[] {
  if (jobs.length === 0) return ['No runs yet. Begin with `forge quickstart`.'];
  const columns = [
    { title: 'run' },
    { title: 'name', flexible: true },
    { title: 'state' },
    { title: 'step', align: 'right' as const },
    { title: 'begun' },
  ];
  const rows = jobs.map((job) => [
    job.id,
    oneLine(job.name),
    paintedState(job, style),
    job.step === null ? '' : String(job.step),
    dateAndMinute(job.createdAt),
  ]);
  return table(columns, rows, style);
}

/** `forge runs list`. */
export async function listRuns(invocation: Invocation): Promise<number> {
  const limit = numberValue(invocation, 'limit') ?? defaultLimit;
  const jobs = await withEngine(invocation, ({ client }) => client.jobs.list({ limit }));
  const newest = [...jobs].sort((left, right) => right.createdAt - left.createdAt);
  printResult(invocation, newest, () => runTable(newest, outStyle(invocation.terminal)));
  return exitCode.done;
}

interface LossFigure {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

function lossFigures(series: readonly { name: string; steps: number[]; values: (number | null)[] }[]): LossFigure[] {
  return series.flatMap(({ name, steps, values }) => {
    const finite = values.flatMap((value, index) => (value === null ? [] : [{ value, step: steps[index] ?? 0 }]));
    const first = finite[0];
    const last = finite.at(-1);
    return first === undefined || last === undefined
      ? []
      : [{ name, first: first.value, last: last.value, step: last.step }];
  });
}

/** `forge runs show`. */
export async function showRun(invocation: Invocation): Promise<number> {
  const { job, losses } = await withEngine(invocation, async ({ client }) => {
    const found = await findRun(client, invocation.words[0] ?? '');
    const series =
      found.kind === 'train'
        ? await client.runs.series({ job: found.id, names: ['loss', 'validationLoss'], points: 50 })
        : [];
    return { job: found, losses: lossFigures(series) };
  });
  const style = outStyle(invocation.terminal);
  printResult(invocation, { ...job, losses }, () => {
    const spent = Math.max(0, job.updatedAt - job.createdAt) / 1000;
    const entries: (readonly [string, string])[] = [
      ['run', job.id],
      ['kind', job.kind],
      ['name', oneLine(job.name)],
      ['state', paintedState(job, style)],
      ['device', job.device],
      ['attempt', String(job.attempt)],
      ['begun', dateAndMinute(job.createdAt)],
      ['last change', `${dateAndMinute(job.updatedAt)} (after ${duration(spent)})`],
      ...(job.step === null ? [] : [['step', String(job.step)] as const]),
      ...losses.map(
        ({ name, first, last, step }) =>
          [name === 'loss' ? 'loss' : 'held-out loss', `${loss(first)} to ${loss(last)} at step ${step}`] as const,
      ),
      ...(job.failure === null
        ? []
        : [['failure', oneLine(job.failure.message)] as const, ['what to do', oneLine(job.failure.hint)] as const]),
    ];
    return pairs(entries, style);
  });
  return exitCode.done;
}
