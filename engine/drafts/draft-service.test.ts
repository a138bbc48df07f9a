import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { silentLogger, type Logger } from '#core/ports/logger.ts';
import { createDraftService, keptDrafts } from './draft-service.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-drafts-'));
after(() => rm(root, { recursive: true, force: true }));

function open(name: string, logger: Logger = silentLogger, nowMs = Date.now) {
  const folder = path.join(root, name);
  return { folder, drafts: createDraftService({ folder, nowMs, logger }) };
}

const draft = (id: string) => ({
  v: 1 as const,
  id,
  step: 'plan' as const,
  request: {
    name: 'mine',
    mapping: { prompt: 'Frage, kurz', answer: 'Antwort' },
    settings: { rank: 4 },
    export: true,
    deployToOllama: 'auto' as const,
  },
  datasetLabel: 'kündigungen 🗂.csv',
  mainJob: null,
});

test('a saved draft is found by the next engine, whole and newest first', async () => {
  const { drafts } = open('kept', silentLogger, () => 1000);
  const first = await drafts.save(draft('draft-aaaa'));
  const second = await drafts.save(draft('draft-bbbb'));
  assert.deepEqual(await open('kept').drafts.list(), [second, first]);
  assert.deepEqual(first, { ...draft('draft-aaaa'), updatedAt: 1000 });
  const again = await drafts.save({ ...draft('draft-aaaa'), step: 'train' });
  assert.deepEqual(
    (await drafts.list()).map(({ id, step }) => [id, step]),
    [
      ['draft-aaaa', 'train'],
      ['draft-bbbb', 'plan'],
    ],
  );
  assert.ok(again.updatedAt > second.updatedAt);
});

test('removing says whether there was one', async () => {
  const { drafts } = open('removed');
  await drafts.save(draft('draft-cccc'));
  assert.deepEqual([await drafts.remove('draft-cccc'), await drafts.remove('draft-cccc')], [true, false]);
  assert.deepEqual(await drafts.list(), []);
});

test('only the newest are kept', async () => {
  const { drafts } = open('many');
  for (let number = 0; number < keptDrafts + 3; number += 1) await drafts.save(draft(`draft-${1000 + number}`));
  const kept = await drafts.list();
  assert.deepEqual([kept.length, kept[0]?.id, kept.at(-1)?.id], [keptDrafts, 'draft-1052', 'draft-1003']);
});

test('many saves at once all arrive, one after the other', async () => {
  const { drafts } = open('crowd');
  await Promise.all(Array.from({ length: 20 }, (_, number) => drafts.save(draft(`draft-${1000 + number}`))));
  assert.equal((await drafts.list()).length, 20);
});

test('a damaged file is set aside and told; the others are listed', async () => {
  const warned: unknown[] = [];
  const { drafts, folder } = open('damaged', { ...silentLogger, warn: (fields) => void warned.push(fields) });
  await mkdir(folder, { recursive: true });
  const whole = await drafts.save(draft('draft-good'));
  await writeFile(path.join(folder, 'draft-torn.json'), '{"v":1,"id":"draft-to');
  await writeFile(path.join(folder, 'draft-other.json'), JSON.stringify({ ...whole, id: 'draft-else' }));
  await writeFile(path.join(folder, 'notes.txt'), 'not ours');
  assert.deepEqual(await drafts.list(), [whole]);
  assert.equal(warned.length, 2);
  assert.deepEqual((await readdir(folder)).toSorted(), [
    'draft-good.json',
    'draft-other.json.damaged',
    'draft-torn.json.damaged',
    'notes.txt',
  ]);
});

test('an id that leads elsewhere is never a file', async () => {
  const { drafts } = open('tricks');
  await assert.rejects(() => drafts.remove('../../etc/passwd'));
});
