import { finalJobStates, type JobView } from '#contract/jobs.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { findEngine, type EngineConnection } from '../engine-connection.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { pairs } from '../terminal/table.ts';
import { stepName } from '../terminal/steps-view.ts';
import { oneLine } from '../terminal/text.ts';
import { bytes, dateAndMinute, timeLeft } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { runStateText } from './runs.ts';

async function gather({ client }: EngineConnection) {
  const [engine, serving, jobs, mainJobs] = await Promise.all([
    client.engine.status(),
    client.serving.status(),
    client.jobs.list({ limit: 100 }),
    client.mainJobs.list(),
  ]);
  const final: readonly string[] = finalJobStates;
  return {
    running: true as const,
    engine,
    serving,
    jobs: jobs.filter(({ state }) => !final.includes(state)),
    mainJobs: mainJobs.filter(({ state }) => state === 'running' || state === 'waiting'),
  };
}

function mainJobText(view: MainJobView): string {
  const step = view.steps.find(({ state }) => state === 'running');
  const left = step?.etaSeconds == null ? '' : `, ${timeLeft(step.etaSeconds)}`;
  return `${view.name}:v${view.version}${step === undefined ? ' waits' : ` ${stepName(step.step)}: ${oneLine(step.text)}${left}`}`;
}

function jobText(job: JobView): string {
  return `${job.id} ${runStateText(job)}`;
}

function statusLines(status: Awaited<ReturnType<typeof gather>>, style: ViewStyle): string[] {
  const { engine, serving, jobs, mainJobs } = status;
  const served = serving.models.map(({ name }) => name).join(', ');
  return pairs(
    [
      [
        'engine',
        `runs since ${dateAndMinute(engine.startedAt)} (process ${engine.pid}, ${bytes(engine.memoryBytes)}, version ${engine.version})`,
      ],
      ['folder', engine.home],
      ['server', serving.running ? `${serving.url ?? ''}${served === '' ? '' : `: ${served}`}` : 'stopped'],
      ...(mainJobs.length === 0
        ? [['work', 'none'] as const]
        : mainJobs.map((view) => ['work', mainJobText(view)] as const)),
      ...jobs.map((job) => ['run', jobText(job)] as const),
    ],
    style,
  );
}

/** `forge status`: never starts anything. */
export async function runStatus(invocation: Invocation): Promise<number> {
  const connection = await findEngine(invocation.home);
  if (connection === null) {
    printResult(invocation, { running: false, home: invocation.home }, () => [`No engine runs in ${invocation.home}.`]);
    return exitCode.done;
  }
  try {
    const status = await gather(connection);
    printResult(invocation, status, () => statusLines(status, outStyle(invocation.terminal)));
    return exitCode.done;
  } finally {
    connection.close();
  }
}
