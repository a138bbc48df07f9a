import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { Artefact, JobView, ResultFile } from '#contract/jobs.ts';
import type { JobSubmission } from '../jobs/job-service.ts';
import type { WorkerJobs } from '../main-job/worker-job.ts';

/** A file the worker writes. */
export interface PlayedFile {
  readonly name: string;
  readonly path: string;
  readonly content: string;
}

export interface PlayedWork {
  readonly summary?: Readonly<Record<string, unknown>>;
  readonly files?: readonly PlayedFile[];
}

/** What the fake worker does with a submission; a ForgeError's sentence becomes the failure of the job. */
export type Play = (submission: JobSubmission) => PlayedWork | Promise<PlayedWork>;

/** Jobs without processes: each plays a function, once for each request id. */
export class FakeJobs implements WorkerJobs {
  readonly submissions: JobSubmission[] = [];
  readonly #play: Play;
  readonly #jobs = new Map<string, { view: JobView; settled: Promise<void>; end: () => void; result: ResultFile }>();
  readonly #byRequest = new Map<string, string>();

  constructor(play: Play) {
    this.#play = play;
  }

  submit(submission: JobSubmission): JobView {
    const known = this.#byRequest.get(submission.requestId);
    if (known !== undefined) return this.get(known);
    this.submissions.push(submission);
    const id = `job-${this.submissions.length}`;
    this.#byRequest.set(submission.requestId, id);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const view: JobView = {
      ...{ id, kind: submission.kind, name: submission.name, state: 'running', device: submission.device, attempt: 1 },
      ...{ createdAt: 0, updatedAt: 0, queuePosition: null, phase: null, step: null, failure: null, revision: 0 },
    };
    const settled = Promise.race([ended, this.#run(id, submission)]);
    this.#jobs.set(id, { view, settled, end, result: resultOf(id, { summary: {}, artefacts: [] }) });
    return view;
  }

  async #run(id: string, submission: JobSubmission): Promise<void> {
    // The job has to be known before it can end.
    await Promise.resolve();
    try {
      const { summary = {}, files = [] } = await this.#play(submission);
      const artefacts: Artefact[] = [];
      for (const { name, path: file, content } of files) {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, content);
        const sha256 = createHash('sha256').update(content).digest('hex');
        artefacts.push({ name, path: file, bytes: Buffer.byteLength(content), sha256 });
      }
      this.#change(id, { state: 'succeeded' }, resultOf(id, { summary, artefacts }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#change(id, { state: 'failed', failure: { code: 'played', message, hint: 'Look at the test.' } });
    }
  }

  #change(id: string, change: Partial<JobView>, result?: ResultFile): void {
    const job = this.#jobs.get(id);
    if (job?.view.state !== 'running') return;
    this.#jobs.set(id, { ...job, view: { ...job.view, ...change }, ...(result === undefined ? {} : { result }) });
  }

  get(id: string): JobView {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new ForgeError('engine.not-found', { kind: 'run', id, command: 'runs' });
    return job.view;
  }

  cancel(id: string): JobView {
    this.#change(id, { state: 'cancelled' });
    this.#jobs.get(id)?.end();
    return this.get(id);
  }

  pause(id: string): JobView {
    this.#change(id, { state: 'paused' });
    this.#jobs.get(id)?.end();
    return this.get(id);
  }

  resume(id: string): JobView {
    return this.get(id);
  }

  async waitUntilSettled(id: string, signal: AbortSignal): Promise<JobView> {
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    await Promise.race([this.#jobs.get(id)?.settled, aborted]);
    return this.get(id);
  }

  result(id: string): Promise<ResultFile> {
    const job = this.#jobs.get(id);
    if (job?.view.state !== 'succeeded') throw new ForgeError('job.no-result', { job: id, state: 'unknown' });
    return Promise.resolve(job.result);
  }

  async *watch(signal: AbortSignal): ReturnType<WorkerJobs['watch']> {
    yield { kind: 'snapshot', jobs: [...this.#jobs.values()].map(({ view }) => view) };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

function resultOf(id: string, { summary, artefacts }: Pick<ResultFile, 'summary' | 'artefacts'>): ResultFile {
  return { v: 1, run: `${id}/1`, outcome: 'done', reason: 'completed', summary, artefacts };
}
