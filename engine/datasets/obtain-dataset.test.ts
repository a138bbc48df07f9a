import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { FakeDatasetHub } from '../../tests/datasets/fake-dataset-hub.ts';
import { readRowsOf } from './data-choice.ts';
import { knownDatasets, removeDataset } from './known-datasets.ts';
import { obtainDataset } from './obtain-dataset.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-obtain-'));
after(() => rm(root, { recursive: true, force: true }));
const appDirectory = path.resolve(import.meta.dirname, '../..');

const jsonl = (count: number, offset = 0): string =>
  Array.from(
    { length: count },
    (_, row) => `${JSON.stringify({ question: `q ${row + offset}?`, answer: `a${row}` })}\n`,
  ).join('');
const csv = (count: number): string =>
  `prompt,completion,group\n${Array.from({ length: count }, (_, row) => `c ${row}?,d${row},g${row % 3}`).join('\n')}\n`;
const refusedAs = (code: string) => (error: unknown) => {
  assert.ok(error instanceof ForgeError, String(error));
  return error.code === code;
};
const readAs = (file: string) => readRowsOf({ file, mapping: undefined, systemPrompt: undefined });

describe('obtaining data', () => {
  const hub = new FakeDatasetHub();
  let folder: string;
  let address: string;
  let offline = false;
  let token: string | null = null;
  const texts: string[] = [];
  const step: FetchStep = { signal: new AbortController().signal, report: ({ text }) => texts.push(text) };
  const obtain = (source: string) => {
    const outbound = createOutbound({ home: root, isOffline: () => offline, isInside: () => false });
    const secrets = { read: () => Promise.resolve(token) };
    return obtainDataset(source, { folder, hub: { outbound, secrets, address, pauseMs: () => 1 } }, step);
  };
  before(async () => {
    address = await hub.start();
    folder = path.join(root, 'home', 'datasets');
  });
  after(() => hub.dispose());

  test('a file stays where it is', async () => {
    const file = path.join(root, 'mine.jsonl');
    await writeFile(file, jsonl(3));
    const { path: same, label, note } = await obtain(file);
    assert.deepEqual({ same, label, note }, { same: file, label: 'mine.jsonl', note: '' });
  });

  test('what is no whole path, not there, or another address is refused', async () => {
    await assert.rejects(obtain('mine.jsonl'), refusedAs('dataset.not-found'));
    await assert.rejects(obtain(path.join(root, 'none.csv')), refusedAs('dataset.not-found'));
    await assert.rejects(obtain('https://example.com/x.csv'), refusedAs('dataset.hub-not-usable'));
    await assert.rejects(obtain('hf:../../etc'), refusedAs('dataset.hub-not-usable'));
  });

  test('a folder becomes one file that is read as any other, and what was left out is told', async () => {
    const place = path.join(root, 'Meine Sammlung');
    await mkdir(path.join(place, 'inner'), { recursive: true });
    await mkdir(path.join(place, '.git'), { recursive: true });
    await writeFile(path.join(place, 'a.jsonl'), `${jsonl(3)}{"question": "torn`);
    await writeFile(path.join(place, 'inner', 'b.csv'), csv(9));
    await writeFile(path.join(place, 'odd.csv'), 'colour,size\nred,3\n');
    await writeFile(path.join(place, 'fake.json'), Buffer.from([0x25, 0x50, 0x44, 0x46, 1, 2]));
    await writeFile(path.join(place, 'notes.pdf'), 'x');
    await writeFile(path.join(place, '.git', 'hidden.jsonl'), jsonl(50, 500));
    await symlink(path.join(root, 'mine.jsonl'), path.join(place, 'linked.jsonl'));
    const got = await obtain(place);
    const { rows, report } = await readAs(got.path);
    assert.equal(rows.length, 12);
    assert.match(path.basename(got.path), /^meine-sammlung-[0-9a-f]{12}\.jsonl$/);
    assert.equal(report.format, 'messages');
    assert.match(got.note, /^12 rows of 4 files in /);
    assert.match(got.note, /Left out: 1 record of a\.jsonl; fake\.json.*PDF.*; .*odd\.csv.*; 2 other files\.$/);
    assert.deepEqual(new Set(rows.slice(3).map(({ group }) => group)), new Set(['g0', 'g1', 'g2']));
    assert.equal((await obtain(place)).path, got.path);
    const left = (await readdir(path.dirname(got.path))).filter((name) => name.endsWith('.part'));
    assert.deepEqual(left, []);
  });

  test('a folder that was handed over file by file is called by its name, and is gone once its rows are taken', async () => {
    const batch = path.join(folder, 'uploads', '.folders', '3f1c2b9a');
    const place = path.join(batch, 'Meine Sammlung');
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'a.jsonl'), jsonl(12));
    const got = await obtain(place);
    assert.equal((await readAs(got.path)).rows.length, 12);
    assert.equal(got.label, 'Meine Sammlung');
    assert.equal(got.note, '12 rows of 1 file in Meine Sammlung.');
    assert.deepEqual(await readdir(path.dirname(batch)), []);
    await rm(got.path);
    await rm(`${got.path}.about.json`, { force: true });
  });

  test('a folder without examples is refused with the reasons', async () => {
    const place = path.join(root, 'empty');
    await mkdir(place);
    await assert.rejects(obtain(place), refusedAs('dataset.folder-without-examples'));
    await writeFile(path.join(place, 'x.csv'), 'colour,size\nred,3\n');
    await assert.rejects(obtain(place), /x\.csv/);
  });

  test('a dataset of the hub: its training files, put together, in the ledger', async () => {
    hub.files.set('README.md', Buffer.from('# tiny'));
    hub.files.set('dataset_infos.json', Buffer.from('{"a": 1}'));
    hub.files.set('data/train-0.jsonl', Buffer.from(jsonl(20)));
    hub.files.set('data/train 1.jsonl', Buffer.from(jsonl(20, 100)));
    hub.files.set('data/test.jsonl', Buffer.from(jsonl(20, 1000)));
    hub.breaks = 1;
    const got = await obtain(`hf:${hub.repository}`);
    assert.equal((await readAs(got.path)).rows.length, 40);
    assert.equal(got.label, hub.repository);
    assert.match(
      got.note,
      /^40 rows of publisher\/tiny-set on the Hugging Face hub, as of commit ddddddd\. Left out: data\/test\.jsonl\.$/,
    );
    assert.ok(!hub.seen.some((url) => url.includes('README') || url.includes('test.jsonl')));
    assert.match(
      await readFile(path.join(root, 'logs', 'network.jsonl'), 'utf8'),
      /downloading the dataset publisher\/tiny-set/,
    );
    const fetches = hub.seen.length;
    await obtain(`https://huggingface.co/datasets/${hub.repository}`);
    assert.equal(hub.seen.length, fetches + 2, 'whole files are not fetched again');
  });

  test('what the hub refuses is told in its own words', async () => {
    hub.token = 'wanted';
    await assert.rejects(obtain(`hf:${hub.repository}`), refusedAs('dataset.hub-gated'));
    token = 'wanted';
    await obtain(`hf:${hub.repository}`);
    [hub.token, token] = [null, null];
    hub.status = 503;
    await assert.rejects(obtain(`hf:${hub.repository}`), refusedAs('dataset.hub-refused'));
    hub.status = null;
    await assert.rejects(obtain('hf:publisher/unknown'), refusedAs('dataset.not-on-hub'));
    await assert.rejects(obtain(`hf:${hub.repository}@v2`), refusedAs('dataset.hub-revision-unknown'));
    offline = true;
    await assert.rejects(obtain(`hf:${hub.repository}`), refusedAs('network.offline'));
    offline = false;
  });

  test('Parquet alone, too much, or paths that lead elsewhere are refused before anything is fetched', async () => {
    const before = new Map(hub.files);
    hub.files.clear();
    hub.files.set('data/train.parquet', Buffer.from('PAR1'));
    await assert.rejects(obtain(`hf:${hub.repository}`), refusedAs('dataset.hub-only-parquet'));
    hub.files.set('../../evil.jsonl', Buffer.from(jsonl(20)));
    await assert.rejects(obtain(`hf:${hub.repository}`), refusedAs('dataset.hub-only-parquet'));
    hub.files.set('big.jsonl', Buffer.from(jsonl(20)));
    hub.toldSizes.set('big.jsonl', 5e9);
    await assert.rejects(obtain(`hf:${hub.repository}`), /5\.0 GB, more than the 2\.1 GB/);
    hub.files.clear();
    for (const [name, content] of before) hub.files.set(name, content);
  });

  test('what is known is listed with the sample first, and only what Forge keeps can go', async () => {
    await mkdir(path.join(folder, 'uploads'), { recursive: true });
    await mkdir(path.join(folder, 'kept'), { recursive: true });
    await writeFile(path.join(folder, 'uploads', 'dropped.jsonl'), jsonl(4).trimEnd());
    await writeFile(path.join(folder, 'uploads', `.${'0'.repeat(16)}.part`), 'half');
    await writeFile(path.join(folder, 'kept', 'examples.jsonl'), jsonl(2));
    await symlink(path.join(root, 'mine.jsonl'), path.join(folder, 'uploads', 'linked.jsonl'));
    const options = { folder, appDirectory };
    const known = await knownDatasets(options);
    const short = known.map(({ kind, label, rows, isDefault }) => [kind, label, rows, isDefault]);
    assert.deepEqual(short.slice(0, 2), [
      ['sample', 'Support tickets', null, true],
      ['kept', 'Kept answers', 2, false],
    ]);
    assert.ok(short.some((entry) => entry.join() === 'uploaded,dropped.jsonl,4,false'));
    assert.ok(short.some((entry) => entry.join() === `hub,${hub.repository},40,false`));
    assert.ok(short.some((entry) => entry.join() === 'folder,Meine Sammlung,12,false'));
    const pathOf = (kind: string): string => known.find((one) => one.kind === kind)?.path ?? '';
    for (const refused of [
      pathOf('sample'),
      pathOf('kept'),
      path.join(root, 'mine.jsonl'),
      path.join(folder, 'uploads'),
      path.join(folder, 'uploads', 'linked.jsonl'),
      path.join(folder, 'uploads', '..', '..', '..', 'mine.jsonl'),
      'uploads/dropped.jsonl',
    ])
      await assert.rejects(removeDataset(refused, options), refusedAs('dataset.not-removable'));
    assert.equal(await removeDataset(path.join(folder, 'uploads', 'dropped.jsonl'), options), jsonl(4).length - 1);
    assert.ok((await removeDataset(pathOf('hub'), options)) > 2000);
    await removeDataset(pathOf('folder'), options);
    const left = await knownDatasets(options);
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['sample', 'kept', 'uploaded'],
    );
    await assert.rejects(
      removeDataset(path.join(folder, 'uploads', 'dropped.jsonl'), options),
      refusedAs('dataset.not-found'),
    );
  });
});
