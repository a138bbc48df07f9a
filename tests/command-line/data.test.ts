// `forge data` and the door for dropped files, as a person and the window use them, against the real engine.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { datasetInspection, knownDataset, shownRow } from '#contract/dataset-preview.ts';
import { planPreview } from '#contract/plan-preview.ts';
import { connectEngine } from '../../cli/engine-connection.ts';
import { forge, newHome } from '../bad-input/forge-command.ts';

let home = '';
const cleanUps: (() => Promise<void>)[] = [];
let connection: Awaited<ReturnType<typeof connectEngine>> | null = null;

before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  connection = await connectEngine({ home, environment: { ...process.env, FORGE_NETWORK_OFFLINE: 'true' } });
  await mkdir(path.join(home, 'mine'), { recursive: true });
  const rows = Array.from({ length: 30 }, (_, row) => `"Wo ist Paket ${row}?",im Lager ${row},gut`).join('\n');
  await writeFile(path.join(home, 'mine', 'Pakete.csv'), `Frage,Antwort,Note\n${rows}\nkurz\n`);
});
after(async () => {
  await connection?.client.engine.stop();
  connection?.close();
  for (const cleanUp of cleanUps) await cleanUp();
});

const json = async (words: string[]): Promise<unknown> => {
  const { code, out, err } = await forge([...words, '--json', '--home', home]);
  assert.equal(code, 0, `${words.join(' ')}: ${err}${out}`);
  return JSON.parse(out);
};
const file = (): string => path.join(home, 'mine', 'Pakete.csv');
const mapped = ['--map', 'prompt=Frage,answer=Antwort'];

test('columns with names of their own: refused with what is there, then named by hand', async () => {
  const refused = await forge(['data', 'inspect', file(), '--home', home]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /Frage, Antwort, Note/);
  assert.match(refused.err, /--map\s+prompt=<column>,answer=<column>/);
  const inspection = datasetInspection.parse(await json(['data', 'inspect', file(), ...mapped, '--held-out', '7']));
  assert.deepEqual([inspection.total, inspection.report.rejected.total, inspection.split.heldOut.rows], [30, 1, 7]);
  const { out } = await forge(['data', 'inspect', file(), ...mapped, '--home', home]);
  assert.match(out, /32 {2}it has 1 fields?, the header has 3 +kurz/);
});

test('a row is shown as text while the base is not here, with the learned part marked', async () => {
  const shown = shownRow.parse(
    await json(['data', 'show', file(), ...mapped, '--row', '3', '--system-prompt', 'Kurz.']),
  );
  assert.equal(shown.exactness, 'text');
  assert.deepEqual(
    shown.pieces.filter(({ learned }) => learned).map(({ text }) => text),
    ['im Lager 2', '<|im_end|>'],
  );
  const { out } = await forge(['data', 'show', file(), ...mapped, '--home', home]);
  assert.match(
    out,
    /<\|im_start\|>user\nWo ist Paket 0\?<\|im_end\|>\n<\|im_start\|>assistant\n<<im Lager 0<\|im_end\|>>>/,
  );
  const beyond = await forge(['data', 'show', file(), ...mapped, '--row', '31', '--home', home]);
  assert.deepEqual([beyond.code, /from 1 to 30/.test(beyond.err)], [2, true]);
});

test('a plan takes the same columns and the settings set by hand', async () => {
  const plan = planPreview.parse(
    await json(['train', '--dataset', file(), ...mapped, '--set', 'rank=4', '--set', 'dropout=0.1', '--dry-run']),
  );
  assert.deepEqual([plan.recipe['rank'], plan.recipe['dropout'], plan.report.rows], [4, 0.1, 30]);
  assert.equal(plan.reasons['rank'], 'You set it by hand.');
  const impossible = await forge([
    'train',
    '--dataset',
    file(),
    ...mapped,
    '--set',
    'precision=fp16',
    '--dry-run',
    '--home',
    home,
  ]);
  assert.equal(impossible.code, 2);
  assert.match(impossible.err, /precision cannot be fp16 here|fp16/);
});

test('a folder is put together and listed, the hub is refused while offline, and what Forge keeps can go', async () => {
  await writeFile(
    path.join(home, 'mine', 'more.jsonl'),
    `${JSON.stringify({ question: 'q', answer: 'a' })}\n`.repeat(1),
  );
  const got = (await json(['data', 'get', path.join(home, 'mine')])) as { path: string; note: string };
  assert.match(got.note, /^1 row of 2 files in .*Left out: .*Pakete\.csv/);
  const known = knownDataset.array().parse(await json(['data', 'list']));
  assert.deepEqual(
    known.map(({ kind }) => kind),
    ['sample', 'folder'],
  );
  const offline = await forge(['data', 'get', 'hf:owner/name', '--home', home]);
  assert.deepEqual([offline.code, /hf:|network|offline|switched off/i.test(offline.err)], [3, true]);
  const own = await forge(['data', 'remove', file(), '--yes', '--home', home]);
  assert.deepEqual([own.code, existsSync(file())], [2, true]);
  await json(['data', 'remove', got.path, '--yes']);
  assert.equal(existsSync(got.path), false);
});

test('a dropped file is handed over through the engine’s own door and can be inspected', async () => {
  const { url, token } = JSON.parse(readFileSync(path.join(home, 'engine.json'), 'utf8')) as {
    url: string;
    token: string;
  };
  const answer = await fetch(`${url}/uploads?name=${encodeURIComponent('Pakete – 解約.csv')}`, {
    method: 'PUT',
    body: readFileSync(file()),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
  });
  const { path: dropped } = (await answer.json()) as { path: string };
  assert.equal(dropped, path.join(home, 'datasets', 'uploads', 'Pakete – 解約.csv'));
  const inspection = datasetInspection.parse(await json(['data', 'inspect', dropped, ...mapped]));
  assert.equal(inspection.total, 30);
});

test('drafts outlive the connection', async () => {
  const draft = {
    v: 1 as const,
    id: 'draft-0001',
    step: 'plan' as const,
    request: { dataset: file(), export: true, deployToOllama: 'auto' as const },
    datasetLabel: 'Pakete.csv',
    mainJob: null,
  };
  const saved = await connection?.client.drafts.save({ draft });
  assert.deepEqual(await connection?.client.drafts.list(), [saved]);
  assert.ok(existsSync(path.join(home, 'drafts', 'draft-0001.json')));
});
