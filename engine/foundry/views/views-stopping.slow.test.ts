import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { FoundryJob } from '#contract/dataset-versions.ts';
import { studyDone } from '#contract/study.ts';
import type { FoundryService } from '../foundry-service.ts';
import { ended, importOf, imported, openFoundry, temporaryHome, openViews } from '../testing/foundry-fixture.ts';
import type { FoundryViews } from '../views-port.ts';

const rows = 6_000;

/** Rows of a hundred words of their own: some seconds of study. */
function rowLines(): string {
  const word = (index: number): string => `w${(Math.imul(index, 2_654_435_761) >>> 0) % 20_000}`;
  return Array.from({ length: rows }, (_, row) => {
    const answer = Array.from({ length: 100 }, (__, place) => word(row * 131 + place)).join(' ');
    return JSON.stringify({ prompt: `Question ${row}?`, answer });
  }).join('\n');
}

/** Waits until a job has begun with its rows. */
async function begun(foundry: FoundryService, job: FoundryJob): Promise<void> {
  for await (const { state, done } of foundry.jobs.watch(job.id)) if (state === 'running' && done > 0) return;
}

test('a study is paused, goes on, and is cancelled within a second; a restart of the engine finishes it', async () => {
  const { home, remove } = await temporaryHome();
  const open = async (): Promise<[FoundryService, FoundryViews]> => {
    const foundry = openFoundry(home);
    await foundry.begin();
    return [foundry, openViews(foundry, home)];
  };
  let [foundry, views] = await open();
  try {
    const file = path.join(home, 'rows.jsonl');
    await writeFile(file, rowLines());
    await imported(foundry, importOf([file]), 'import');
    const request = { version: { name: 'rows', version: 1 }, files: null, base: null };
    const cancelled = await views.study({ request, requestId: 'cancelled' });
    await begun(foundry, cancelled);
    const startMs = performance.now();
    assert.equal((await foundry.jobs.cancel(cancelled.id)).state, 'cancelled');
    assert.ok(performance.now() - startMs < 1_000, `${performance.now() - startMs} ms`);
    assert.equal(await views.studyReport(request.version), null);

    const job = await views.study({ request, requestId: 'paused' });
    await begun(foundry, job);
    assert.equal((await foundry.jobs.pause(job.id)).state, 'paused');
    await foundry.jobs.resume(job.id);
    await begun(foundry, job);
    await foundry.stop();
    [foundry, views] = await open();
    const last = await ended(foundry, job.id);
    assert.equal(last.state, 'done', JSON.stringify(last.failure));
    assert.equal(studyDone.parse(last.result).rows, rows);
    assert.equal((await views.studyReport(request.version))?.rows, rows);
  } finally {
    await foundry.stop();
    await remove();
  }
});
