import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeClock } from '#core/ports/fake-clock.ts';
import type { JobHostConnection } from '#core/ports/job-host.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { createForkJobHostStarter } from '../job-host/fork-job-host.ts';
import { createJobFixture, type JobFixture } from './job-fixture.ts';

/** Waits in real time until something holds. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if (holds()) return;
    await sleep(20);
  }
  throw new Error('waited 10 s in vain');
}

type FixtureOptions = NonNullable<Parameters<typeof createJobFixture>[0]>;

/** A started service that is put away at the end of the test with all its processes, however the test ends. */
export async function openFixture(context: TestContext, options: FixtureOptions = {}): Promise<JobFixture> {
  const fixture = await createJobFixture(options);
  context.after(async () => {
    await fixture.dispose();
    killLeft(fixture.home);
  });
  await fixture.service.start();
  return fixture;
}

/** A service whose time stands still until the test moves it; the processes are real, the job host counts as answering. */
export async function openFakeTimeFixture(context: TestContext, options: FixtureOptions = {}) {
  const clock = new FakeClock();
  const real = createForkJobHostStarter(silentLogger);
  const hostStarter = {
    start: (): JobHostConnection => {
      const connection = real.start();
      const onMessage: JobHostConnection['onMessage'] = (listener) => {
        connection.onMessage(listener);
        clock.every(500, () => listener({ kind: 'heartbeat' }));
      };
      return { ...connection, onMessage };
    },
  };
  return { clock, fixture: await openFixture(context, { ...options, clock, hostStarter }) };
}

/** The causes of all moves of a job, oldest first. */
export function readTransitionCauses(fixture: JobFixture, jobId: string): readonly string[] {
  const path = join(fixture.home, 'runs', jobId, 'transitions.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  return lines.map((line) => (JSON.parse(line) as { cause: string }).cause);
}

/** A worker that hangs by design outlives its service. */
function killLeft(home: string): void {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      if (environment.includes(`FORGE_RUN_DIRECTORY=${home}/`)) process.kill(Number(name), 'SIGKILL');
    } catch (error) {
      if (!/ENOENT|ESRCH|EACCES|EPERM/.test(String((error as NodeJS.ErrnoException).code))) throw error;
    }
  }
}
