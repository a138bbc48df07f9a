import { rebuildIndex } from '#engine/jobs/rebuild-index.ts';
import { createJobFixture } from '#engine/jobs/job-fixture.ts';
import { acquireHomeLock } from '#engine/home-lock.ts';
import { silentLogger, type Logger } from '#core/ports/logger.ts';
import { openDatabase } from '#native-bridge/storage/database.ts';
import { differences, dumpTables } from './dump-tables.ts';

/** What the orchestrator of the kill test asks an engine process. */
export type EngineQuestion =
  | { readonly kind: 'submit'; readonly requestId: string; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly kind: 'get' | 'steps'; readonly jobId: string }
  | { readonly kind: 'leases' | 'tables' | 'stop' };

/** The job service in a process of its own, so that it can be killed. */
async function main(home: string): Promise<void> {
  const lock = acquireHomeLock(home);
  const fixture = await createJobFixture({
    home,
    logger: deadlyLogger(Number(process.env['FORGE_TEST_DIE_AT_MOVE'] ?? 0)),
  });
  await fixture.service.start();
  const answer = async (question: EngineQuestion): Promise<unknown> => {
    switch (question.kind) {
      case 'submit':
        return fixture.submit(question.payload, { requestId: question.requestId });
      case 'get':
        return fixture.service.get(question.jobId);
      case 'steps':
        return fixture.service.series(question.jobId, ['loss'], { points: 100_000 })[0]?.steps;
      case 'leases':
        return fixture.database.statement('SELECT * FROM device_lease').all();
      case 'tables': {
        const rebuilt = openDatabase(':memory:', { logger: silentLogger });
        const problems = await rebuildIndex(home, rebuilt);
        return [...problems.map(String), ...differences(dumpTables(fixture.database), dumpTables(rebuilt))];
      }
      case 'stop':
        await fixture.close();
        lock.release();
        setImmediate(() => process.disconnect());
        return null;
    }
  };
  process.on('message', ({ id, question }: { id: number; question: EngineQuestion }) => {
    void answer(question).then((value) => process.send?.({ id, value }));
  });
  process.send?.({ id: 0, value: 'ready' });
}

/** Kills this process at the n-th stored move, before any of its effects; 0 = never. */
function deadlyLogger(atMove: number): Logger {
  let moves = 0;
  const info: Logger['info'] = (_, message) => {
    if (message !== 'job moved' && message !== 'job submitted') return;
    moves += 1;
    if (moves === atMove) process.kill(process.pid, 'SIGKILL');
  };
  return { ...silentLogger, info };
}

await main(process.argv[2] ?? '');
