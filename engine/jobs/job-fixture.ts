import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobView } from '#contract/jobs.ts';
import { createForkJobHostStarter } from '../job-host/fork-job-host.ts';
import { createJobService, type JobService, type JobServiceOptions } from './job-service.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { silentLogger, type Logger } from '#core/ports/logger.ts';
import { openDatabase, type Database } from '#native-bridge/storage/database.ts';

const fakeWorker = new URL('../../tests/fixtures/fake-worker.py', import.meta.url);
/** Misbehaves in the modes exit-17, deaf and wrong-digest. */
export const oddWorker = new URL('../../tests/faults/odd-worker.py', import.meta.url);

/** A real home with a real database, real processes and the fake worker. */
export interface JobFixture {
  readonly home: string;
  readonly service: JobService;
  readonly database: Database;
  /** Submits a job of the fake worker. */
  submit(payload: Readonly<Record<string, unknown>>, more?: { requestId?: string; autoResume?: boolean }): JobView;
  /** Waits until a view satisfies the condition. */
  until(jobId: string, condition: (view: JobView) => boolean): Promise<JobView>;
  settled(jobId: string): Promise<JobView>;
  /** Stops the service and closes the database; the home stays. */
  close(): Promise<void>;
  /** Closes and removes everything. */
  dispose(): Promise<void>;
}

const waitMs = 30_000;

export async function createJobFixture(
  options: Partial<JobServiceOptions> & { readonly worker?: URL } = {},
): Promise<JobFixture> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'forge-jobs-')));
  const logger = options.logger ?? loggerOfEnvironment();
  const database = options.database ?? openDatabase(join(home, 'db', 'forge.db'), { logger });
  const service = createJobService({
    home,
    database,
    hostStarter: createForkJobHostStarter(logger),
    python: () => ({
      command: 'python3',
      args: [fileURLToPath(options.worker ?? fakeWorker)],
      env: { PATH: process.env['PATH'] ?? '' },
    }),
    clock: systemClock,
    newId: () => `job-${randomUUID()}`,
    logger,
    threads: 1,
    ...options,
  });
  const until = async (jobId: string, condition: (view: JobView) => boolean): Promise<JobView> => {
    const leave = AbortSignal.timeout(waitMs);
    for await (const change of service.watch(leave)) {
      const views = change.kind === 'snapshot' ? change.jobs : [change.job];
      const found = views.find((view) => view.id === jobId && condition(view));
      if (found !== undefined) return found;
    }
    throw new Error(`waited ${waitMs} ms in vain; the job is ${JSON.stringify(service.get(jobId))}`);
  };
  const close = async (): Promise<void> => {
    await service.stop();
    database.close();
  };
  return {
    home,
    service,
    database,
    submit: (payload, more = {}) =>
      service.submit({
        kind: 'probe',
        name: 'test',
        device: 'cpu',
        payload,
        requestId: more.requestId ?? randomUUID(),
        ...(more.autoResume === undefined ? {} : { autoResume: more.autoResume }),
      }),
    until,
    settled: (jobId) => service.waitUntilSettled(jobId, AbortSignal.timeout(waitMs)),
    close,
    dispose: async () => {
      await close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function loggerOfEnvironment(): Logger {
  if (process.env['FORGE_TEST_LOG'] === undefined) return silentLogger;
  const log = (fields: unknown, message: string): void => console.error(performance.now() | 0, message, fields);
  return { debug: log, info: log, warn: log, error: log };
}
