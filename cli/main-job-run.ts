import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isForgeError } from '#contract/client.ts';
import type { MainJobRequest, MainJobView } from '#contract/main-job.ts';
import { connectEngine, type EngineConnection } from './engine-connection.ts';
import { CommandFailure, exitCode } from './failure.ts';
import type { Invocation } from './invocation.ts';
import { mainJobProgress, type MainJobProgress } from './main-job-progress.ts';
import { aborted, type StopSignal } from './stop-signal.ts';
import { counted } from './terminal/units.ts';

export interface MainJobRun {
  readonly invocation: Invocation;
  readonly request: MainJobRequest;
  readonly connection: EngineConnection;
  readonly stop: StopSignal;
}

export type MainJobEnd =
  | { readonly kind: 'finished'; readonly view: MainJobView; readonly connection: EngineConnection }
  | { readonly kind: 'stopped'; readonly connection: EngineConnection };

const finalStates: ReadonlySet<MainJobView['state']> = new Set(['succeeded', 'failed', 'cancelled', 'interrupted']);
/** How often a lost engine is started again within one command, and a chain it left is taken up again. */
const mostReturns = 3;
/** Writing a checkpoint of a small model takes under a second; a large one gets time. */
const stopTimeoutMs = 30_000;

class Follow {
  connection: EngineConnection;
  /** The newest view that came: a watch that Ctrl-C breaks off returns none. */
  #seen: MainJobView | null = null;
  readonly #run: MainJobRun;
  readonly #progress: MainJobProgress;

  constructor(run: MainJobRun) {
    this.#run = run;
    this.connection = run.connection;
    const { terminal, json } = run.invocation;
    this.#progress = mainJobProgress({
      terminal,
      connection: () => this.connection,
      live: terminal.live && !json,
      startedAtMs: Date.now(),
    });
  }

  /** The first start; says when the work is there already, or when the name is. */
  async begin(): Promise<MainJobView> {
    const view = await this.start();
    const note = beginningNote(view);
    if (note !== null) this.#progress.say(note);
    return view;
  }

  async start(): Promise<MainJobView> {
    return this.connection.client.mainJobs.start({ request: this.#run.request, requestId: randomUUID() });
  }

  /** Watches until the chain is over or the first Ctrl-C; comes back to a restarted engine and goes on there. */
  async untilFinal(started: MainJobView): Promise<MainJobView> {
    let view = started;
    let returns = 0;
    while (!this.#run.stop.first.aborted) {
      try {
        view = await this.#watch(view);
        if (view.state !== 'interrupted' || returns >= mostReturns) return view;
      } catch (error) {
        if (this.#run.stop.first.aborted) break;
        if (isForgeError(error) !== null || returns >= mostReturns) throw error;
        this.#progress.say('The connection to the engine was lost; going on with a new one');
        await sleep(300);
      }
      returns += 1;
      this.connection.close();
      const { home, environment } = this.#run.invocation;
      const next = await connectEngine({ home, environment });
      this.connection = next.started ? next : { ...next, started: this.connection.started };
      view = await this.start();
    }
    return this.#seen ?? view;
  }

  async #watch(known: MainJobView): Promise<MainJobView> {
    let view = known;
    this.#show(view);
    if (finalStates.has(view.state)) return view;
    for await (const next of await this.connection.client.mainJobs.watch(
      { id: view.id },
      { signal: this.#run.stop.first },
    )) {
      view = next;
      this.#show(view);
      if (finalStates.has(view.state)) return view;
    }
    view = await this.connection.client.mainJobs.get({ id: view.id });
    this.#show(view);
    return view;
  }

  #show(view: MainJobView): void {
    this.#seen = view;
    this.#progress.show(view);
  }

  /** Tells the engine to stop at a checkpoint; gives up waiting after a while or at the second Ctrl-C. */
  async cancel(id: string): Promise<MainJobView | null> {
    this.#progress.say('Stopping; what is done is kept. Ctrl-C again leaves at once');
    const cancelled = this.connection.client.mainJobs.cancel({ id, requestId: randomUUID() });
    const given = Promise.race([aborted(this.#run.stop.second), sleep(stopTimeoutMs, undefined, { ref: false })]);
    const view = await Promise.race([cancelled, given.then(() => null)]);
    cancelled.catch(() => undefined);
    if (view !== null) this.#progress.show(view);
    return view;
  }

  finish(): void {
    this.#progress.finish();
  }
}

/** What a person should know before the work begins, or null. */
function beginningNote({ name, version, state, steps }: MainJobView): string | null {
  const isNew = steps.every((step) => step.state === 'waiting' || step.state === 'running');
  if (state === 'running' && !isNew)
    return `${name}:v${version} is being made already, by another command; this one joins it`;
  return version > 1 && isNew
    ? `${name}:v${version - 1} is kept: another dataset or other settings make ${name}:v${version}`
    : null;
}

/** `before`: the view when Ctrl-C came; `after`: the view once the engine had stopped, null when nobody waited for it. */
function stoppedNote(before: MainJobView, after: MainJobView | null, typed: string): string {
  const { steps } = after ?? before;
  const done = steps.filter(({ state }) => state === 'done' || state === 'reused').length;
  const trained = before.steps.some(({ step, state }) => step === 'train' && state === 'running');
  const training = trained ? ', and training up to its last checkpoint' : '';
  return `Stopped. What is done is kept: ${counted(done, 'step')} of ${steps.length}${training}.\nGo on with: ${typed}`;
}

/**
 * Starts a main job (the same request again continues it), shows it, and returns when it is over. The first Ctrl-C stops it at a checkpoint and says
 * how to go on. Throws the failure of the chain.
 */
export async function runMainJob(run: MainJobRun): Promise<MainJobEnd> {
  const follow = new Follow(run);
  let view: MainJobView;
  try {
    view = await follow.untilFinal(await follow.begin());
    if (run.stop.first.aborted && view.state !== 'succeeded') {
      const last = await follow.cancel(view.id);
      follow.finish();
      run.invocation.terminal.err(`\n${stoppedNote(view, last, run.invocation.typed)}\n`);
      return { kind: 'stopped', connection: follow.connection };
    }
  } finally {
    follow.finish();
  }
  if (view.state === 'failed' && view.failure !== null) throw new CommandFailure(view.failure);
  if (view.state !== 'succeeded') throw stoppedElsewhere(view, run.invocation.typed);
  return { kind: 'finished', view, connection: follow.connection };
}

function stoppedElsewhere(view: MainJobView, typed: string): CommandFailure {
  return new CommandFailure({
    code: 'command.stopped-elsewhere',
    message: `The work on ${view.name}:v${view.version} was stopped from somewhere else (${view.state}).`,
    remedy: `What is done is kept. Go on with: ${typed}`,
    exitCode: exitCode.stopped,
  });
}
