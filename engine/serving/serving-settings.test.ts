import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createServingSettings } from './serving-settings.ts';

async function newFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-serving-settings-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, 'serving.json');
}

test('without a file no key is asked for and the newest is served; changes one after the other all hold', async (t) => {
  const file = await newFile(t);
  const settings = createServingSettings(file);
  assert.deepEqual(await settings.read(), { keyRequired: false, choices: new Map() });
  const choice = { version: 1, previous: 2, current: 1 };
  await Promise.all([
    settings.change((known) => ({ ...known, keyRequired: true })),
    settings.change((known) => ({ ...known, choices: new Map([...known.choices, ['support', choice]]) })),
  ]);
  const wanted = { keyRequired: true, choices: new Map([['support', choice]]) };
  assert.deepEqual(await settings.read(), wanted);
  assert.deepEqual(await createServingSettings(file).read(), wanted);
});

for (const [name, content] of [
  ['no JSON', '{"v": 1'],
  ['another shape', '{"v": 1, "keyRequired": "no", "choices": {}}'],
  ['a version that is none', '{"v":1,"keyRequired":false,"choices":{"a":{"version":-1,"previous":null,"current":1}}}'],
  ['a name with a path', '{"v":1,"keyRequired":false,"choices":{"../a":{"version":1,"previous":null,"current":1}}}'],
  ['a file that is too large', ' '.repeat(1_000_001)],
] as const) {
  test(`${name} is refused with the file and what to do, and the file stays as it is`, async (t) => {
    const file = await newFile(t);
    await writeFile(file, content);
    const settings = createServingSettings(file);
    await assert.rejects(settings.read(), { code: 'engine.configuration-damaged', message: new RegExp(file) });
    await assert.rejects(
      settings.change((known) => known),
      { code: 'engine.configuration-damaged' },
    );
    assert.equal(await readFile(file, 'utf8'), content);
    await rm(file);
    assert.equal((await settings.read()).keyRequired, false);
  });
}
