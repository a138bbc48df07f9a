import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '#contract/jobs.ts';
import { scanProcesses } from './process-scan.ts';
import { engineScript, RestartedEngine, settle } from './restarted-engine.ts';

// submitted, lease-granted, hello, done, exited, artefacts-verified
for (let move = 1; move <= 6; move += 1) {
  test(`an engine killed after storing move ${move}, before its effects, converges when it is started again`, async (context) => {
    const home = mkdtempSync(join(tmpdir(), 'forge-moves-'));
    const engine = new RestartedEngine(home, { FORGE_TEST_DIE_AT_MOVE: String(move) });
    context.after(() => {
      engine.kill();
      rmSync(home, { recursive: true, force: true });
    });
    const payload = { steps: 10, stepMs: 20 };
    const job = (await engine.ask({ kind: 'submit', requestId: 'one', payload })) as JobView;
    const view = await settle(engine, job.id);
    assert.deepEqual([view.state, engine.starts], ['succeeded', 2]);
    assert.ok(view.attempt <= 2);
    const steps = await engine.ask({ kind: 'steps', jobId: job.id });
    assert.deepEqual(
      steps,
      Array.from({ length: 10 }, (_, index) => index + 1),
    );
    assert.deepEqual(await engine.ask({ kind: 'leases' }), []);
    assert.deepEqual(await engine.ask({ kind: 'tables' }), []);
    await engine.ask({ kind: 'stop' });
    await sleep(500);
    assert.deepEqual(scanProcesses(home, engineScript), []);
  });
}
