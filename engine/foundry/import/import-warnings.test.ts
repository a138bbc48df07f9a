import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { importOf, imported, openFoundry, temporaryHome } from '../testing/foundry-fixture.ts';

let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
before(async () => {
  ({ home, remove } = await temporaryHome());
  await mkdir(path.join(home, 'in'), { recursive: true });
});
after(() => remove());

test('a header that names two columns alike is told, and the later one is called otherwise (D-4)', async () => {
  const file = path.join(home, 'in', 'twice.csv');
  await writeFile(file, 'question,answer,answer\nWhere is it?,There.,In the drawer.\nWhen?,Now.,Soon.\n');
  const foundry = openFoundry(home);
  try {
    const mapping = { prompt: 'question', answer: 'answer_2' };
    const report = await imported(foundry, importOf([file], { mapping }), 'twice');
    assert.equal(report.accepted, 2);
    assert.match(report.warnings.join(' '), /answer appears more than once; the later one is called answer_2/);
  } finally {
    await foundry.stop();
  }
});
