import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobView } from '#contract/jobs.ts';
import type { EngineQuestion } from './engine-process.ts';

const settleMs = 40_000;
export const engineScript = fileURLToPath(new URL('./engine-process.ts', import.meta.url));

/** An engine process that is started again when it was killed; questions are asked until they are answered. */
export class RestartedEngine {
  readonly #home: string;
  readonly #firstEnvironment: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #lastId = 0;
  starts = 0;

  /** @param firstEnvironment set for the first start only */
  constructor(home: string, firstEnvironment: Readonly<Record<string, string>> = {}) {
    this.#home = home;
    this.#firstEnvironment = firstEnvironment;
  }

  async ask(question: EngineQuestion): Promise<unknown> {
    for (const deadline = Date.now() + settleMs; Date.now() < deadline;) {
      const child = await this.#running();
      const answer = await askOnce(child, (this.#lastId += 1), question);
      if (answer !== null) return answer.value;
      // A killed engine is disconnected a moment before its exit is reported.
      await sleep(20);
    }
    throw new Error(`no answer to ${question.kind}`);
  }

  /** At the end, whatever happened. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async #running(): Promise<ChildProcess> {
    if (this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null) return this.#child;
    const child = fork(engineScript, [this.#home], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...(this.starts === 0 ? this.#firstEnvironment : {}) },
    });
    this.starts += 1;
    await new Promise((resolve) => {
      child.once('message', resolve);
      child.once('exit', resolve);
    });
    this.#child = child;
    return child;
  }
}

function askOnce(child: ChildProcess, id: number, question: EngineQuestion): Promise<{ value: unknown } | null> {
  return new Promise((resolve) => {
    const finish = (answer: { value: unknown } | null): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (message: unknown): void => {
      const answer = message as { readonly id: number; readonly value: unknown };
      if (answer.id === id) finish(answer);
    };
    const onExit = (): void => finish(null);
    child.on('message', onMessage);
    child.on('exit', onExit);
    if (child.connected) child.send({ id, question }, (error) => error && finish(null));
    else finish(null);
  });
}

/** Waits until a job is final, over any number of engines. */
export async function settle(engine: RestartedEngine, jobId: string): Promise<JobView> {
  let view: JobView | null = null;
  for (const deadline = Date.now() + settleMs; Date.now() < deadline; await sleep(100)) {
    view = (await engine.ask({ kind: 'get', jobId })) as JobView;
    if (['succeeded', 'failed', 'cancelled'].includes(view.state)) return view;
  }
  throw new Error(`not settled: ${JSON.stringify(view)}`);
}
