import type { JobView } from '#contract/jobs.ts';
import type { EngineConnection } from '../engine-connection.ts';
import { CommandFailure, exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { findRun } from '../run-reference.ts';
import { aborted, listenForStop, type StopSignal } from '../stop-signal.ts';
import { startLiveView } from '../terminal/live-view.ts';
import { oneLine } from '../terminal/text.ts';
import { trainingFigures, trainingView } from '../terminal/training-view.ts';
import { followTraining, type TrainingFollower } from '../training-follower.ts';
import { withEngine } from '../with-engine.ts';
import { runStateText } from './runs.ts';

const plainLineMs = 5_000;

async function untilEnded(follower: TrainingFollower, stop: StopSignal): Promise<void> {
  await Promise.race([follower.ended, aborted(stop.first)]);
  follower.stop();
}

async function watchLive(
  invocation: Invocation,
  job: JobView,
  world: { connection: EngineConnection; stop: StopSignal },
): Promise<void> {
  const { terminal } = invocation;
  const { palette, glyphs } = { palette: terminal.outPalette, glyphs: terminal.glyphs };
  let ended = false;
  const view = startLiveView(terminal.screen, (columns, rows) => {
    const style = { width: columns - 2, palette, glyphs };
    const title = `${palette.strong(job.id)}  ${palette.faint(oneLine(job.name))}`;
    const state = follower.state();
    const hint = ended || state.ended ? [] : ['', palette.faint('Ctrl-C leaves; the run goes on')];
    return [title, '', ...trainingView(state, style, rows - 5), ...hint].map((line) => ` ${line}`);
  });
  const follower = followTraining(job.id, world.connection, () => view.refresh());
  try {
    await untilEnded(follower, world.stop);
  } finally {
    ended = true;
    view.finish();
  }
}

async function watchPlain(
  invocation: Invocation,
  job: JobView,
  world: { connection: EngineConnection; stop: StopSignal },
): Promise<void> {
  const { terminal } = invocation;
  const style = { width: terminal.columns(), palette: terminal.errPalette, glyphs: terminal.glyphs };
  let lastLineAtMs = -Infinity;
  const tell = (): void => {
    if (Date.now() - lastLineAtMs < plainLineMs) return;
    lastLineAtMs = Date.now();
    const state = follower.state();
    terminal.err(
      `step ${state.step}${state.plannedSteps === null ? '' : ` of ${state.plannedSteps}`}: ${trainingFigures(state, style)}\n`,
    );
  };
  const follower = followTraining(job.id, world.connection, tell);
  await untilEnded(follower, world.stop);
}

/** `forge runs watch`: the curve until the run is over; Ctrl-C leaves the run alone. Ends with the run's own success or failure. */
export async function watchRun(invocation: Invocation): Promise<number> {
  const stop = listenForStop();
  try {
    return await withEngine(invocation, async (connection) => {
      const job = await findRun(connection.client, invocation.words[0] ?? '');
      const live = invocation.terminal.live && !invocation.json;
      await (live ? watchLive : watchPlain)(invocation, job, { connection, stop });
      if (stop.first.aborted) return exitCode.interrupted;
      const last = await connection.client.jobs.get({ job: job.id });
      if (last.state === 'failed' && last.failure !== null) {
        const { code, message, hint } = last.failure;
        throw new CommandFailure({ code, message, remedy: hint, exitCode: exitCode.failed });
      }
      printResult(invocation, last, () => [`${last.id}: ${runStateText(last)}`]);
      return last.state === 'cancelled' ? exitCode.stopped : exitCode.done;
    });
  } finally {
    stop.dispose();
  }
}
