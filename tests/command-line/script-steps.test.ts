// A script as a step of `forge data freeze`, against the real engine, in the first sandbox that holds here.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freezeReport } from '#contract/dataset-checks.ts';
import { stepOutcome, type DatasetVersion } from '#contract/dataset-versions.ts';
import { connectEngine } from '../../cli/engine-connection.ts';
import { forge, newHome } from '../bad-input/forge-command.ts';

let home = '';
let folder = '';
let isHeld = false;
const cleanUps: (() => Promise<void>)[] = [];
let connection: Awaited<ReturnType<typeof connectEngine>> | null = null;

const run = (...words: string[]) => forge([...words, '--home', home]);

async function json(...words: string[]): Promise<unknown> {
  const { code, out, err } = await run(...words, '--json');
  assert.equal(code, 0, `${words.join(' ')}: ${err}${out}`);
  return JSON.parse(out);
}

/** Leaves out what ends in 0, makes two of what ends in 7, shouts the rest. */
const shout = `def transform(row):
    answer = row["messages"][-1]
    if answer["content"].endswith("0"):
        return None
    if answer["content"].endswith("7"):
        return [row, {**row, "messages": [row["messages"][0], {"role": "assistant", "content": "once more"}]}]
    answer["content"] = answer["content"].upper()
    return row
`;

before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  connection = await connectEngine({ home, environment: { ...process.env, FORGE_NETWORK_OFFLINE: 'true' } });
  isHeld = (await connection.client.scripts.usedSandbox()).some(({ isFit }) => isFit);
  folder = path.join(home, 'my files');
  await mkdir(folder, { recursive: true });
  const rows = Array.from({ length: 60 }, (_, row) =>
    JSON.stringify({ prompt: `Where is parcel ${row}?`, completion: `It left on day ${row}` }),
  );
  await writeFile(path.join(folder, 'rows.jsonl'), rows.join('\n'));
  await writeFile(path.join(folder, 'shout.py'), shout);
  await json('data', 'import', path.join(folder, 'rows.jsonl'), '--as', 'rows');
});
after(async () => {
  await connection?.client.engine.stop();
  connection?.close();
  for (const cleanUp of cleanUps) await cleanUp();
});

test('a script stands among filters in its order, and the version names it by its digest', async (t) => {
  if (!isHeld) return t.skip('NOT PROVED HERE: a script as a step: no sandbox holds on this machine');
  const steps = [
    '--step',
    'min-chars=17',
    '--step',
    `script=${path.join(folder, 'shout.py')}`,
    '--step',
    'exact=answer',
  ];
  const outcomes = stepOutcome.array().parse(await json('data', 'freeze', 'rows', ...steps, '--try'));
  assert.deepEqual(
    outcomes.map(({ kept, dropped, changed, added }) => [kept, dropped, changed, added]),
    [
      [50, 10, 0, undefined],
      [45, 5, 45, 5],
      [46, 4, 0, undefined],
    ],
  );
  const kept = ['--step', 'min-chars=17', '--step', 'script=shout', '--step', 'exact=answer'];
  const report = freezeReport.parse(await json('data', 'freeze', 'rows', ...kept, '--as', 'loud'));
  const { seen, rows, dropped, merged, added = 0 } = report;
  assert.deepEqual([seen, rows, dropped, merged, added], [60, 46, 15, 4, 5]);
  assert.equal(seen + added, rows + dropped + merged);
  const versions = (await json('data', 'versions')) as DatasetVersion[];
  const recipe = versions.find(({ name }) => name === 'loud')?.recipe.steps ?? [];
  assert.deepEqual(
    recipe.map(({ kind }) => kind),
    ['length', 'script', 'exact-duplicates'],
  );
  assert.match(recipe[1]?.kind === 'script' ? recipe[1].digest : '', /^[0-9a-f]{64}$/);
});

test('the difference of a script that is named by its file is shown before it runs', async (t) => {
  if (!isHeld) return t.skip('NOT PROVED HERE: a script as a step: no sandbox holds on this machine');
  const file = path.join(folder, 'noted.py');
  await writeFile(file, 'def transform(row):\n    return row\n');
  const { err } = await run('data', 'freeze', 'rows', '--step', `script=${file}`, '--try');
  assert.match(err, /noted\.py is new here:[\s\S]*\+ def transform\(row\):/);
});

test('a script that is none, is not kept, or is gone is refused with what to do', async () => {
  const cases: [step: string, said: RegExp][] = [
    ['script=nobody', /names no script that is kept[\s\S]*--step script=clean\.py/],
    [`script=${path.join(folder, 'missing.py')}`, /There is no file at/],
  ];
  for (const [step, said] of cases) {
    const { code, err } = await run('data', 'freeze', 'rows', '--step', step, '--as', 'never');
    assert.equal(code, 2);
    assert.match(err, said);
  }
  const steps = path.join(folder, 'gone.json');
  await writeFile(steps, JSON.stringify([{ kind: 'script', script: 'shout', digest: 'a'.repeat(64) }]));
  const { code, err } = await run('data', 'freeze', 'rows', '--steps', steps, '--as', 'never');
  assert.equal(code, 2);
  assert.match(err, /\(aaaaaaaaaaaa\) is not kept here/);
});
