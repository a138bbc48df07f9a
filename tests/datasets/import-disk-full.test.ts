import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { ended, imported, importOf, openFoundry, temporaryHome } from '#engine/foundry/testing/foundry-fixture.ts';
import { generateRows } from '#engine/foundry/testing/generated-rows.ts';
import { mountMemoryDisk } from '../bad-input/memory-disk.ts';

test('an import that fills the disk says so and leaves nothing; what stood before can be read, and with room it goes', async (t) => {
  const disk = await mountMemoryDisk(t, '12m');
  if (disk === null) return t.skip('NOT PROVED HERE: this user may not mount a file system');
  const files = await temporaryHome();
  t.after(files.remove);
  const [small, large] = [path.join(files.home, 'small.jsonl'), path.join(files.home, 'large.jsonl')];
  await generateRows(small, 500, 1);
  await generateRows(large, 60_000, 2);
  const foundry = openFoundry(disk.home);
  t.after(() => foundry.stop());
  const before = await imported(foundry, importOf([small]), 'small-import');
  const job = await ended(foundry, (await foundry.import(importOf([large]), 'large-import')).id);
  const failure = job.failure as { code: string; message: string } | null;
  assert.deepEqual([job.state, failure?.code], ['failed', 'engine.disk-full'], JSON.stringify(job));
  assert.deepEqual(await readdir(path.join(disk.home, 'foundry', job.id)), ['job.json']);
  const versions = await foundry.list();
  assert.deepEqual(
    versions.map(({ version, digest }) => [version, digest]),
    [[1, before.digest]],
  );
  const page = { offset: 0, limit: 2, sort: { by: 'place', descending: false } } as const;
  const filter = { text: '', kind: null, flag: null, group: null, ids: null, study: null };
  assert.equal((await foundry.page({ name: 'rows', version: 1, ...page, filter })).rows.length, 2);
  disk.remount('size=200m');
  const after = await imported(foundry, importOf([large]), 'again-import');
  assert.deepEqual([after.seen, after.version !== null], [60_000, true]);
  // Before the disk goes.
  await foundry.stop();
});
