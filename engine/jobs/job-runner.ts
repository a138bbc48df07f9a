import type { KnownWorkerEvent } from '#contract/events.ts';
import { mayResumeItself } from '#core/jobs/auto-resume.ts';
import { factsOfEvent } from '#core/jobs/event-facts.ts';
import { effectsAfterRestart } from '#core/jobs/job-table.ts';
import type { JobEffect, JobMachineEvent } from '#core/jobs/job-machine.ts';
import type { JobRecord } from '#core/jobs/job-record.ts';
import { kindOfDevice, planGrants } from '#core/jobs/queue.ts';
import type { Clock, Timer } from '#core/ports/clock.ts';
import type { EventIndex } from '#core/ports/event-index.ts';
import type { HostMessage } from '#core/ports/job-host.ts';
import type { JobRepository } from '#core/ports/job-repository.ts';
import type { Logger } from '#core/ports/logger.ts';
import { attemptDirectory, writeControl } from '#native-bridge/files/run-directory.ts';
import { checkArtefacts } from './artefact-check.ts';
import { prepareAttempt, runName, type AttemptStarterOptions } from './attempt-starter.ts';
import type { EventIngest } from './event-ingest.ts';
import type { HostSupervisor } from './host-supervisor.ts';
import type { JobMoves } from './job-moves.ts';
import { failureOf } from './failure-of.ts';
import { LiveAttempts } from './live-attempts.ts';
import { SureQueue } from './sure-queue.ts';

export interface JobRunnerOptions extends AttemptStarterOptions {
  readonly repository: JobRepository;
  readonly index: EventIndex;
  readonly ingest: EventIngest;
  readonly supervisor: HostSupervisor;
  readonly moves: JobMoves;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly devices: readonly string[];
}

type MessageOf<K extends HostMessage['kind']> = Extract<HostMessage, { kind: K }>;

/** Gives leases, does the effects of moves, and turns what the job host says into events of the job machine. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #live: LiveAttempts;
  readonly #sure: SureQueue;
  readonly #deadlines = new Map<string, Timer>();
  readonly #effects = new Map<string, Promise<void>>();
  readonly #ending = new AbortController();
  #scheduled = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#sure = new SureQueue(options.clock, options.logger);
    this.#live = new LiveAttempts(options.clock, (jobId) => this.#tell(jobId, { kind: 'fell-silent' }));
  }

  /** Takes up every job that may have a process, from the index as it is now. The job host's answers do the rest. */
  start(): void {
    const { repository, ingest, supervisor } = this.#options;
    ingest.start();
    this.#live.start();
    for (const record of repository.list()) if (mayLive(record)) this.#takeUp(record);
    supervisor.start();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    for (const timer of this.#deadlines.values()) timer.cancel();
    this.#sure.stop();
    this.#live.stop();
    await this.#options.supervisor.stop();
    await Promise.all(this.#effects.values());
    this.#options.ingest.stop();
  }

  /** A new job host knows nothing: it is told to watch every attempt that was started. */
  onHostUp(): void {
    for (const { jobId, attempt, started } of this.#live.list()) if (started) this.#watch(jobId, attempt);
  }

  onHostMessage(message: HostMessage): void {
    if (message.kind === 'events') this.#onEvents(message);
    else if (message.kind === 'exited') this.#onExited(message);
    else if (message.kind === 'watched') this.#onWatched(message);
    else if (message.kind === 'start-failed') this.#onStartFailed(message);
  }

  /** Does what a stored move asks for. */
  onMoved(record: JobRecord, effects: readonly JobEffect[]): void {
    for (const effect of effects) this.#do(record, effect);
  }

  #do(record: JobRecord, effect: JobEffect): void {
    const jobId = record.file.job;
    const run = this.#place(record);
    switch (effect.kind) {
      case 'schedule':
        return this.#schedule();
      case 'arm-deadline':
        return this.#arm(jobId, effect.afterMs);
      case 'disarm-deadline':
        return this.#disarm(jobId);
      case 'terminate':
      case 'kill':
        return this.#options.supervisor.send({ kind: effect.kind, ...run });
      case 'consider-resume':
        return this.#considerResume(jobId);
      case 'start-attempt':
        return this.#inOrder(jobId, () => this.#startAttempt(record));
      case 'verify-artefacts':
        return this.#inOrder(jobId, () => this.#verify(record));
      case 'write-control': {
        const { command } = effect;
        const words = command === 'finish' ? { command } : { command, keep: 'best' as const };
        return this.#inOrder(jobId, () => writeControl(run.directory, words));
      }
    }
  }

  #place({ file, machine }: JobRecord): { readonly run: string; readonly directory: string } {
    const directory = attemptDirectory(this.#options.home, file.job, machine.attempt);
    return { run: runName(file.job, machine.attempt), directory };
  }

  /** Effects that wait for something run one after another per job; what fails is a bug or the disk, and is logged. */
  #inOrder(jobId: string, work: () => Promise<void>): void {
    const before = this.#effects.get(jobId) ?? Promise.resolve();
    const done = before.then(async () => {
      if (this.#ending.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        if (!this.#ending.signal.aborted) this.#options.logger.error({ job: jobId, error }, 'an effect failed');
      }
    });
    this.#effects.set(jobId, done);
    void done.then(() => {
      if (this.#effects.get(jobId) === done) this.#effects.delete(jobId);
    });
  }

  async #startAttempt(record: JobRecord): Promise<void> {
    const jobId = record.file.job;
    const { attempt } = record.machine;
    this.#live.add({ jobId, attempt, started: false });
    try {
      const prepared = await prepareAttempt(record, this.#options);
      await this.#options.supervisor.whenUp();
      if (this.#ending.signal.aborted) return;
      if (this.#find(jobId)?.machine.name !== 'preparing') {
        this.#gone(jobId, { kind: 'check-failed', failure: failureOf(new Error('cancelled before its start')) });
        return;
      }
      this.#options.ingest.beginTail(jobId, attempt);
      this.#live.add({ jobId, attempt, started: true });
      this.#options.supervisor.send({ kind: 'start', ...prepared });
    } catch (error) {
      this.#options.logger.error({ job: jobId, error }, 'an attempt could not be prepared');
      this.#gone(jobId, { kind: 'check-failed', failure: failureOf(error) });
    }
  }

  async #verify(record: JobRecord): Promise<void> {
    const event = await checkArtefacts(this.#options.home, record, this.#ending.signal).catch((error: unknown) => ({
      kind: 'artefacts-refused' as const,
      failure: failureOf(error),
    }));
    if (!this.#ending.signal.aborted) this.#tell(record.file.job, event);
    this.#options.ingest.forget(record.file.job);
  }

  #schedule(): void {
    if (this.#scheduled || this.#ending.signal.aborted) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#ending.signal.aborted) this.#sure.run(() => this.#grant());
    });
  }

  #grant(): void {
    const { repository } = this.#options;
    const waiting = repository
      .listByState(['queued'])
      .map(({ file, queueRank }) => ({ id: file.job, device: file.device, queueRank }));
    for (const { jobId, device } of planGrants(waiting, this.#leases())) {
      const record = this.#find(jobId);
      if (record !== null) this.#options.moves.dispatch(record, { kind: 'lease-granted', device });
    }
  }

  #leases() {
    const held = new Map(this.#options.repository.leases().map(({ device, jobId }) => [device, jobId]));
    return this.#options.devices.map((device) => ({ device, jobId: held.get(device) ?? null }));
  }

  #takeUp(record: JobRecord): void {
    const { index } = this.#options;
    const jobId = record.file.job;
    const { attempt } = record.machine;
    this.onMoved(record, effectsAfterRestart(record.machine));
    if (record.machine.exitProved) return;
    this.#live.add({ jobId, attempt, started: true });
    // The index may hold a verdict that never moved the job; a repeated one is refused without harm.
    for (const { known, event } of index.verdicts(jobId, attempt)) {
      const meant = known ? factsOfEvent(event as KnownWorkerEvent).machineEvent : null;
      if (meant !== null) this.#tell(jobId, meant);
    }
  }

  #watch(jobId: string, attempt: number): void {
    const offset = this.#options.ingest.beginTail(jobId, attempt);
    const directory = attemptDirectory(this.#options.home, jobId, attempt);
    this.#live.add({ jobId, attempt, started: true });
    this.#options.supervisor.send({ kind: 'watch', run: runName(jobId, attempt), directory, offset });
  }

  #onEvents(message: MessageOf<'events'>): void {
    const acknowledge = (): void => this.#options.supervisor.send({ kind: 'acknowledge', run: message.run });
    const live = this.#live.byRun(message.run);
    if (live === null) return acknowledge();
    if (message.events.length > 0) this.#live.heard(live.jobId);
    for (const event of this.#options.ingest.take(live.jobId, message, acknowledge)) this.#tell(live.jobId, event);
  }

  #onExited({ run, exit, consoleTail }: MessageOf<'exited'>): void {
    const live = this.#live.byRun(run);
    if (live === null) return;
    this.#gone(live.jobId, { kind: 'exited', exit, consoleTail });
  }

  #onStartFailed({ run, reason }: MessageOf<'start-failed'>): void {
    const live = this.#live.byRun(run);
    if (live !== null) this.#gone(live.jobId, { kind: 'check-failed', failure: failureOf(new Error(reason)) });
  }

  /** The attempt has no process any more. Its events are in the index before the job can become final. */
  #gone(jobId: string, event: JobMachineEvent): void {
    this.#live.remove(jobId);
    this.#sure.run(() => this.#options.ingest.flush());
    this.#tell(jobId, event);
    this.#sure.run(() => this.#afterEnd(jobId));
  }

  #afterEnd(jobId: string): void {
    const state = this.#find(jobId)?.machine;
    if (state?.name === 'interrupted') this.#considerResume(jobId);
    // While artefacts are checked the log stays: readers of the tail end at the final state.
    if (state?.name !== 'finishing' && this.#live.get(jobId) === null) this.#options.ingest.forget(jobId);
  }

  #onWatched({ run, alive }: MessageOf<'watched'>): void {
    const live = this.#live.byRun(run);
    const record = live === null ? null : this.#find(live.jobId);
    if (live === null || record === null || !alive || record.machine.name !== 'interrupted') return;
    const device = this.#leases().find(
      (lease) => lease.jobId === null && kindOfDevice(lease.device) === record.file.device,
    );
    if (device === undefined) this.#do(record, { kind: 'kill' });
    else this.#tell(live.jobId, { kind: 'found-alive', device: device.device });
  }

  #considerResume(jobId: string): void {
    const record = this.#find(jobId);
    if (record === null || this.#live.get(jobId) !== null) return;
    const reachedSteps = this.#options.index.reachedSteps(jobId);
    if (!mayResumeItself(record.machine, record.file.autoResume, { reachedSteps })) return;
    this.#tell(jobId, { kind: 'resume-requested' });
  }

  #arm(jobId: string, afterMs: number): void {
    this.#disarm(jobId);
    const timer = this.#options.clock.after(afterMs, () => this.#tell(jobId, { kind: 'deadline-passed' }));
    this.#deadlines.set(jobId, timer);
  }

  #disarm(jobId: string): void {
    this.#deadlines.get(jobId)?.cancel();
    this.#deadlines.delete(jobId);
  }

  #tell(jobId: string, event: JobMachineEvent): void {
    this.#sure.run(() => {
      const record = this.#find(jobId);
      if (record !== null && !this.#ending.signal.aborted) this.#options.moves.dispatch(record, event);
    });
  }

  #find(jobId: string): JobRecord | null {
    return this.#options.repository.find(jobId);
  }
}

/** A process may be left of it: it was started and no end was recorded, or nobody saw its end. */
function mayLive({ machine }: JobRecord): boolean {
  return machine.lease !== null || machine.name === 'interrupted' || machine.exitProved;
}
