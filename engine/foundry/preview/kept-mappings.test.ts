import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { silentLogger } from '#core/ports/logger.ts';
import { createKeptMappings } from './kept-mappings.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-mappings-'));
after(() => rm(root, { recursive: true }));
let now = 1000;
const open = (name: string) =>
  createKeptMappings({ file: path.join(root, name), nowMs: () => (now += 1), logger: silentLogger });

test('a mapping comes back for the same columns in the same order, the newest one, and for no others', async () => {
  const kept = open('a.json');
  await Promise.all([
    kept.keep(['Frage', 'Antwort'], { prompt: 'Frage', answer: 'Antwort' }),
    kept.keep(['x', 'y'], { prompt: 'x', answer: 'y' }),
    kept.keep(['Frage', 'Antwort'], { prompt: '{Frage}!', answer: 'Antwort' }),
  ]);
  const again = open('a.json');
  const found = await again.find(['Frage', 'Antwort']);
  assert.deepEqual(found?.mapping, { prompt: '{Frage}!', answer: 'Antwort' });
  assert.ok((found?.savedAt ?? 0) > 1000);
  assert.deepEqual((await again.find(['x', 'y']))?.mapping, { prompt: 'x', answer: 'y' });
  assert.equal(await again.find(['Antwort', 'Frage']), null);
  assert.equal(await again.find([]), null);
});

test('a damaged file remembers nothing and is written anew', async () => {
  const file = path.join(root, 'b.json');
  await writeFile(file, '{"v":1,"mappings":[{');
  const kept = open('b.json');
  assert.equal(await kept.find(['a']), null);
  await kept.keep(['a'], { text: 'a' });
  assert.deepEqual((await kept.find(['a']))?.mapping, { text: 'a' });
  assert.match(await readFile(file, 'utf8'), /"v": ?1/);
});
