import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createFakeSandbox } from '#core/foundry/scripts/fake-sandbox.ts';
import { createKeptScripts } from './kept-scripts.ts';
import { createScriptService } from './script-service.ts';
import { digestOf } from './transform-rows.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forge-scripts-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const serviceOver = (place: string) =>
  createScriptService({
    jobs: { start: () => Promise.reject(new Error('nothing is started here')) },
    versions: { read: () => Promise.reject(new Error('no version is there')) },
    kept: createKeptScripts(place),
    sandboxes: () => [],
  });

test('a script that never ran is all new, and cannot be read', async () => {
  const service = serviceOver(path.join(folder, 'none'));
  const review = await service.review({ script: 'clean', source: 'a\nb' });
  assert.deepEqual([review.previous, review.lines.map(({ kind }) => kind)], [null, ['added', 'added']]);
  assert.deepEqual(await service.list(), []);
  await assert.rejects(service.read('clean'), { code: 'script.unknown' });
});

test('the difference is against the script that ran last under the name', async () => {
  const kept = createKeptScripts(folder);
  await kept.keep('clean', 'one');
  await utimes(path.join(folder, 'clean', `${digestOf('one')}.py`), 1, 1);
  await kept.keep('clean', 'two');
  await kept.keep('other', 'three');
  await writeFile(path.join(folder, 'clean', 'notes.txt'), 'not a script');
  const service = serviceOver(folder);
  const review = await service.review({ script: 'clean', source: 'two\nmore' });
  assert.equal(review.previous, digestOf('two'));
  assert.deepEqual(
    review.lines.map(({ kind, text }) => [kind, text]),
    [
      ['same', 'two'],
      ['added', 'more'],
    ],
  );
  assert.equal(await service.read('clean'), 'two');
  assert.deepEqual((await service.list()).map(({ script }) => script).toSorted(), ['clean', 'other']);
});

test('a script is not kept when its version is not there', async () => {
  const place = path.join(folder, 'fresh');
  const request = { name: 'rows', version: 1, script: 'clean', source: 'x', mode: 'all', seed: 0, as: null } as const;
  await assert.rejects(serviceOver(place).run({ ...request, allow: { clock: false, random: false } }, 'request-1'));
  assert.deepEqual(await createKeptScripts(place).list(), []);
});

test('a step finds the very script it names, however often another was kept since; one that is gone or changed is refused', async () => {
  const place = path.join(folder, 'steps');
  const kept = createKeptScripts(place);
  const first = await kept.keep('clean', 'one');
  await kept.keep('clean', 'two');
  assert.equal(first.digest, digestOf('one'));
  assert.equal(await kept.sourceOf(first), 'one');
  const gone = { code: 'script.step-gone' };
  await assert.rejects(kept.sourceOf({ script: 'clean', digest: 'f'.repeat(64) }), gone);
  await assert.rejects(kept.sourceOf({ script: '../steps/clean', digest: first.digest }), gone);
  await writeFile(path.join(place, 'clean', `${first.digest}.py`), 'something else');
  await assert.rejects(kept.sourceOf(first), gone);
});

test('kinds of sandboxes are tried only until one holds', async () => {
  const [torn, holding, never] = [
    createFakeSandbox({ transform: () => [], unfit: 'it is not here' }),
    createFakeSandbox({ transform: () => [] }),
    createFakeSandbox({ transform: () => [] }),
  ];
  never.probe = () => Promise.reject(new Error('it was tried'));
  const service = createScriptService({
    jobs: { start: () => Promise.reject(new Error('nothing is started here')) },
    versions: { read: () => Promise.reject(new Error('no version is there')) },
    kept: createKeptScripts(folder),
    sandboxes: () => [torn, holding, never],
  });
  const tried = await service.usedSandbox();
  assert.deepEqual(
    tried.map(({ isFit }) => isFit),
    [false, true],
  );
});
