import type { MainJobView } from '#contract/main-job.ts';
import type { EngineConnection } from './engine-connection.ts';
import type { Terminal } from './terminal/terminal.ts';
import { startLiveView, type LiveView } from './terminal/live-view.ts';
import { mainJobScreen } from './terminal/main-job-screen.ts';
import { noProgress, progressLines } from './terminal/progress-lines.ts';
import { followTraining, type TrainingFollower } from './training-follower.ts';

/** Shows a main job while it runs: live on a terminal, as sparse lines elsewhere. */
export interface MainJobProgress {
  show(view: MainJobView): void;
  /** Changes the line at the bottom (live) or prints it (plain). */
  say(text: string): void;
  /** Leaves the last state standing and gives the cursor back. */
  finish(): void;
}

interface ProgressWorld {
  readonly terminal: Terminal;
  readonly connection: () => EngineConnection;
  /** Live drawing is wanted: a terminal, and not `--json`. */
  readonly live: boolean;
  readonly startedAtMs: number;
}

/** Follows the training of whichever step runs one; null while none does. */
function trainingOfView(world: ProgressWorld, onChange: () => void) {
  let follower: TrainingFollower | null = null;
  return {
    update(view: MainJobView): void {
      const job = view.steps.find(({ step, state }) => step === 'train' && state === 'running')?.job ?? null;
      if (job === (follower?.job ?? null)) return;
      follower?.stop();
      follower = job === null ? null : followTraining(job, world.connection(), onChange);
      // The chain's own state tells how the job ended; without its events there is only no curve.
      follower?.ended.catch(() => undefined);
    },
    state: () => follower?.state() ?? null,
    stop: () => follower?.stop(),
  };
}

const clockMs = 1_000;
const leaveHint = 'Ctrl-C stops; what is done is kept';

function liveProgress(world: ProgressWorld): MainJobProgress {
  let view: MainJobView | null = null;
  let viewAtMs = Date.now();
  let footer = leaveHint;
  const { terminal } = world;
  const screen: LiveView = startLiveView(terminal.screen, (columns, rows) => {
    if (view === null) return [];
    const state = {
      view,
      elapsedSeconds: (Date.now() - world.startedAtMs) / 1000,
      sinceViewSeconds: (Date.now() - viewAtMs) / 1000,
      training: training.state(),
      footer,
    };
    return mainJobScreen(
      state,
      { width: columns - 1, palette: terminal.outPalette, glyphs: terminal.glyphs },
      rows - 1,
    );
  });
  const training = trainingOfView(world, screen.refresh);
  const clock = setInterval(screen.refresh, clockMs);
  return {
    show(next) {
      view = next;
      viewAtMs = Date.now();
      training.update(next);
      screen.refresh();
    },
    say(text) {
      footer = text;
      screen.refresh();
    },
    finish() {
      clearInterval(clock);
      training.stop();
      footer = '';
      screen.finish();
    },
  };
}

function plainProgress(world: ProgressWorld): MainJobProgress {
  let memory = noProgress;
  let view: MainJobView | null = null;
  let viewAtMs = Date.now();
  const training = trainingOfView(world, () => undefined);
  const tell = (): void => {
    if (view === null) return;
    const nowMs = Date.now();
    const moment = {
      nowMs,
      elapsedSeconds: (nowMs - world.startedAtMs) / 1000,
      sinceViewSeconds: (nowMs - viewAtMs) / 1000,
      training: training.state(),
    };
    const next = progressLines(view, memory, moment);
    memory = next.memory;
    if (next.lines.length > 0) world.terminal.err(`${next.lines.join('\n')}\n`);
  };
  const clock = setInterval(tell, clockMs);
  return {
    show(next) {
      view = next;
      viewAtMs = Date.now();
      training.update(next);
      tell();
    },
    say: (text) => world.terminal.err(`${text}\n`),
    finish() {
      clearInterval(clock);
      training.stop();
    },
  };
}

export function mainJobProgress(world: ProgressWorld): MainJobProgress {
  return world.live ? liveProgress(world) : plainProgress(world);
}
