import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { createDomainService } from './domain-service.ts';

const pack = { id: 'chemistry', name: 'Chemistry', system_prompt: 'You know chemistry.' };

function folders() {
  const root = mkdtempSync(path.join(tmpdir(), 'forge-domains-'));
  const [shipped, own] = [path.join(root, 'shipped'), path.join(root, 'own')];
  mkdirSync(shipped);
  const put = (folder: string, name: string, content: unknown): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  return {
    shipped,
    own,
    put,
    service: createDomainService({ shipped, own, detectors: () => Promise.resolve(['healthcare', 'legal']) }),
  };
}

async function refusal(work: Promise<unknown>): Promise<ForgeError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ForgeError);
  return error;
}

test('a pack of the person goes before the shipped one of the same id, and unknown keys are kept', async () => {
  const { shipped, own, put, service } = folders();
  put(shipped, 'chemistry.json', pack);
  assert.equal((await service.show('chemistry')).isOwn, false);
  put(own, 'chemistry.json', { ...pack, name: 'Mine', house_rules: { tone: 'dry' } });
  const mine = await service.show('chemistry');
  assert.deepEqual([mine.isOwn, mine.pack?.name], [true, 'Mine']);
  assert.deepEqual((mine.pack as Record<string, unknown>)['house_rules'], { tone: 'dry' });
});

test('a file that is no pack stands in the list with its problem and does not hide the others', async () => {
  const { shipped, put, service } = folders();
  put(shipped, 'chemistry.json', pack);
  put(shipped, 'broken.json', '{"id": "broken",');
  put(shipped, 'other.json', { ...pack, id: 'wrong' });
  put(shipped, 'README.md', 'not a pack');
  const [broken, chemistry, other] = await service.list();
  assert.match(broken?.problems[0]?.message ?? '', /not JSON/);
  assert.equal(chemistry?.pack?.name, 'Chemistry');
  assert.equal(other?.problems[0]?.path, '$.id');
  const error = await refusal(service.show('other'));
  assert.equal(error.code, 'domain.invalid');
  assert.match(error.message, /\$\.id is "wrong"/);
  assert.match(error.remedy, /rename the file\.$/);
});

test('detectors that are not there are named, with those that are', async () => {
  const { own, put, service } = folders();
  put(own, 'chemistry.json', { ...pack, data: { pii_packs: ['legal', 'medical'] } });
  const error = await refusal(service.show('chemistry'));
  assert.match(error.message, /\$\.data\.pii_packs\[1\] is "medical"/);
  assert.match(error.remedy, /one of healthcare, legal/);
});

test('an id that is not there is refused with those that are', async () => {
  const { shipped, put, service } = folders();
  put(shipped, 'chemistry.json', pack);
  const error = await refusal(service.show('alchemy'));
  assert.deepEqual([error.code, error.detail['known']], ['domain.unknown', 'chemistry']);
});

test('a new pack is readable at once, begins like another one without its samples, and is never written over', async () => {
  const { shipped, own, put, service } = folders();
  const data = { min_response_length: 500, require_code_blocks: true };
  const samples = { file: 'chemistry/rows.jsonl', licence: 'MIT', rows: 60 };
  put(shipped, 'chemistry.json', { ...pack, data, samples });
  const made = await service.create({ id: 'physics', name: 'Physics', like: 'chemistry' });
  assert.equal(made.file, path.join(own, 'physics.json'));
  assert.equal(made.pack?.data.min_response_length, 500);
  assert.equal(made.pack?.samples, undefined);
  assert.deepEqual(
    made.steps.map(({ kind }) => kind),
    ['length', 'code', 'exact-duplicates'],
  );
  assert.equal((await service.create({ id: 'biology', name: null, like: null })).pack?.name, 'biology');
  const before = readFileSync(made.file, 'utf8');
  for (const id of ['physics', 'chemistry'])
    assert.equal((await refusal(service.create({ id, name: null, like: null }))).code, 'domain.exists');
  assert.equal(readFileSync(made.file, 'utf8'), before);
});
