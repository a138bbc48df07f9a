// The engine's own thread stays free while a job works: its processor time between two turns of the loop is what would hold an answer up.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { openWorld } from './testing/every-kind.ts';
import { ended, importOf, temporaryHome } from './testing/foundry-fixture.ts';
import { writeVariedRows } from './testing/varied-rows.ts';

const rows = Number(process.env['FORGE_JOB_ROWS'] ?? 40_000);
const [turnMs, mostMs] = [2, 50];

/** Processor time that this thread used so far, ms: what others do on the machine does not count. */
function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

test(`an import and a de-duplication of ${rows} rows never hold the engine's thread for ${mostMs} ms`, async (t) => {
  const { home, remove } = await temporaryHome();
  const file = path.join(home, 'rows.jsonl');
  await writeVariedRows(file, rows, 7);
  const { foundry, views } = openWorld(path.join(home, 'home'));
  await foundry.begin();
  let [before, longest] = [usedMs(), 0];
  const turns = setInterval(() => {
    const now = usedMs();
    longest = Math.max(longest, now - before);
    before = now;
  }, turnMs);
  try {
    const request = {
      check: 'dedupe',
      name: 'rows',
      version: 1,
      over: 'both',
      threshold: 0.8,
      keep: 'longest',
    } as const;
    const importing = await foundry.import(importOf([file]), 'import');
    assert.equal((await ended(foundry, importing.id)).state, 'done');
    const checking = await views.check({ request, requestId: 'dedupe' });
    assert.equal((await ended(foundry, checking.id)).state, 'done');
    t.diagnostic(`at most ${longest.toFixed(1)} ms`);
    assert.ok(longest < mostMs, `${longest} ms`);
  } finally {
    clearInterval(turns);
    await foundry.stop();
    await remove();
  }
});
