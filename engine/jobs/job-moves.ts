import type { JobTransition } from '#contract/job-transition.ts';
import type { JobFile } from '#contract/jobs.ts';
import { firstJobState, next, type JobEffect, type JobMachineEvent } from '#core/jobs/job-machine.ts';
import { firstTransition, recordAfter, transitionTo, type JobRecord } from '#core/jobs/job-record.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { JobRepository } from '#core/ports/job-repository.ts';
import type { Logger } from '#core/ports/logger.ts';
import { appendTransition, createJobDirectory } from '#native-bridge/files/run-directory.ts';

export interface JobMovesOptions {
  readonly home: string;
  readonly repository: JobRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** After a move is stored. Must not throw. */
  readonly onMoved: (record: JobRecord, effects: readonly JobEffect[]) => void;
}

export type DispatchOutcome =
  { readonly kind: 'moved'; readonly record: JobRecord } | { readonly kind: 'refused'; readonly reason: string };

/** The only place that moves jobs: decide, store in the run directory and the index as one, then tell. */
export class JobMoves {
  readonly #options: JobMovesOptions;

  constructor(options: JobMovesOptions) {
    this.#options = options;
  }

  create(file: JobFile): JobRecord {
    const { home, repository, logger, onMoved } = this.#options;
    const machine = firstJobState(file.createdAt);
    const line = firstTransition(machine, repository.lastQueueRank() + 1);
    const record = recordAfter(file, line);
    createJobDirectory(home, file);
    appendTransition(home, file.job, line);
    repository.insert(record, line);
    logger.info({ job: file.job, kind: file.kind }, 'job submitted');
    onMoved(record, [{ kind: 'schedule' }]);
    return record;
  }

  /** @throws when it cannot be stored (full disk): then nothing has moved */
  dispatch(record: JobRecord, event: JobMachineEvent): DispatchOutcome {
    const { clock, logger, onMoved } = this.#options;
    const move = next(record.machine, event, clock.nowMs());
    const ids = { job: record.file.job, attempt: record.machine.attempt, event: event.kind };
    if (move.kind === 'refused') {
      logger.debug({ ...ids, state: record.machine.name, reason: move.reason }, 'event refused');
      return move;
    }
    const moved = this.#store(
      record,
      transitionTo(record, move.state, {
        cause: event.kind,
        queueRank: record.queueRank,
        exit: event.kind === 'exited' ? event.exit : null,
      }),
    );
    logger.info({ ...ids, from: record.machine.name, to: moved.machine.name }, 'job moved');
    onMoved(moved, move.effects);
    return { kind: 'moved', record: moved };
  }

  /** Gives a waiting job another rank in the queue. */
  rerank(record: JobRecord, queueRank: number): JobRecord {
    const machine = { ...record.machine, changedAt: this.#options.clock.nowMs() };
    const moved = this.#store(record, transitionTo(record, machine, { cause: 'reordered', queueRank, exit: null }));
    this.#options.onMoved(moved, []);
    return moved;
  }

  #store(record: JobRecord, line: JobTransition): JobRecord {
    const { home, repository } = this.#options;
    const jobId = record.file.job;
    // The file is the truth: its line is on the disk before the index commits. A crash in between is made good at the start.
    const stored = repository.applyTransition(jobId, line, () => appendTransition(home, jobId, line));
    if (!stored) throw new Error(`job ${jobId} was moved by someone else at revision ${record.revision}`);
    return recordAfter(record.file, line);
  }
}
