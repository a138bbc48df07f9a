import { setImmediate as nextTurn } from 'node:timers/promises';
import { isContractProcedure } from '@orpc/contract';
import type { ForgeRouter } from '#engine/transports/forge-router.ts';
import { forgeImplementer } from '#engine/transports/forge-router.ts';
import { requireSameProtocol } from '#engine/transports/greeting.ts';
import { ForgeError } from '#contract/errors.ts';
import type { JobView } from '#contract/jobs.ts';
import { contract } from '#contract/procedures.ts';
import { protocolVersion } from '#contract/protocol-version.ts';

/** A log of one job kept in memory, with what the real one promises: cursors, batches, `behind`. */
export interface FakeEngine {
  readonly router: ForgeRouter;
  /** Generators of `runs.subscribe` that run now. */
  openSubscriptions(): number;
  /** Batches that subscriptions have made in all. */
  batchesMade(): number;
  append(count: number): void;
  /** Ends every subscription once it has handed out the log. */
  finish(): void;
}

const batchLimit = 64;
const behindAfter = 5_000;
export const fakeJob = 'job-1';
export const secretPath = '/home/someone/secret';

const jobs = {
  list: forgeImplementer.jobs.list.handler(({ input }) => [jobView('a'), jobView('b')].slice(0, input.limit)),
  get: forgeImplementer.jobs.get.handler(({ input }) => {
    if (input.job === 'bug') throw new TypeError(`cannot read ${secretPath}`);
    if (input.job === 'malformed') return { ...jobView(input.job), state: 'asleep' as 'queued' };
    if (input.job !== fakeJob)
      throw new ForgeError('engine.not-found', { kind: 'job', id: input.job, command: 'jobs' });
    return jobView(input.job);
  }),
  watch: forgeImplementer.jobs.watch.handler(async function* () {
    yield jobView('a');
    await nextTurn();
    throw new ForgeError('engine.home-in-use', { pid: 7, home: 'here' });
  }),
};

const engine = {
  hello: forgeImplementer.engine.hello.handler(({ input }) => {
    requireSameProtocol(input.protocol);
    return { protocol: protocolVersion, version: '0', pid: 1, home: '', startedAt: 0, memoryBytes: 0 };
  }),
};

export function createFakeEngine(): FakeEngine {
  const state = { length: 0, finished: false, open: 0, batches: 0, changed: Promise.withResolvers<void>() };
  const wake = () => {
    state.changed.resolve();
    state.changed = Promise.withResolvers<void>();
  };
  const batch = (after: number, limit: number) => {
    const last = Math.max(after, Math.min(state.length, after + limit));
    const events = Array.from({ length: last - after }, (_, index) => logEvent(after + index + 1));
    return { events, last, behind: false };
  };
  const runs = {
    eventsPage: forgeImplementer.runs.eventsPage.handler(({ input }) => batch(input.after, input.limit)),
    subscribe: forgeImplementer.runs.subscribe.handler(async function* ({ input, signal }) {
      let after = input.after;
      const aborted = Promise.withResolvers<void>();
      signal?.addEventListener('abort', () => aborted.resolve());
      state.open += 1;
      try {
        while (signal?.aborted !== true) {
          if (state.length - after > behindAfter) {
            yield { events: [], last: after, behind: true };
            return;
          }
          if (state.length > after) {
            state.batches += 1;
            const made = batch(after, batchLimit);
            after = made.last;
            yield made;
          } else if (state.finished) return;
          else await Promise.race([state.changed.promise, aborted.promise]);
        }
      } finally {
        state.open -= 1;
      }
    }),
  };
  return {
    router: withTheRest({ engine, jobs, runs }),
    openSubscriptions: () => state.open,
    batchesMade: () => state.batches,
    append(count) {
      state.length += count;
      wake();
    },
    finish() {
      state.finished = true;
      wake();
    },
  };
}

/** Procedures that no case calls throw, so that the contract may grow without this file. */
function withTheRest(written: Record<string, object>): ForgeRouter {
  const router: Record<string, Record<string, unknown>> = {};
  const groups: [string, Record<string, unknown>][] = Object.entries(contract);
  for (const [group, procedures] of groups) {
    const own: Record<string, unknown> = { ...written[group] };
    const implementers = forgeImplementer as unknown as Record<
      string,
      Record<string, { handler(run: () => never): unknown }>
    >;
    for (const [name, procedure] of Object.entries(procedures)) {
      if (!isContractProcedure(procedure) || name in own) continue;
      own[name] = implementers[group]?.[name]?.handler(() => {
        throw new Error(`the fake has no ${group}.${name}`);
      });
    }
    router[group] = own;
  }
  return router as unknown as ForgeRouter;
}

function logEvent(seq: number) {
  return { v: 1 as const, run: fakeJob, seq, t: 0, type: 'log' };
}

function jobView(id: string): JobView {
  return {
    id,
    kind: 'train',
    name: id,
    state: 'running',
    device: 'cpu',
    attempt: 1,
    createdAt: 0,
    updatedAt: 0,
    queuePosition: null,
    phase: null,
    step: 1,
    failure: null,
    revision: 1,
  };
}
