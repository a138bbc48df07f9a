import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { pageRequest } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { FakeDatasetHub } from '../../../tests/datasets/fake-dataset-hub.ts';
import { importOf, imported, openFoundry } from '../testing/foundry-fixture.ts';
import { createHubDatasets, type FetchedPart } from './hub-datasets.ts';

let hub = new FakeDatasetHub();
let [root, address, isOffline, nowMs] = ['', '', false, 0];
let token: string | null = null;

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'forge-hub-'));
});
after(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  hub.dispose();
  hub = new FakeDatasetHub();
  address = await hub.start();
  [isOffline, nowMs, token] = [false, 0, null];
  await rm(path.join(root, 'hub'), { recursive: true, force: true });
});
after(() => hub.dispose());

const rows = (count: number, word = 'parcel'): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, row) => `{"question":"Where is ${word} ${row}?","answer":"${row}"}\n`).join(''),
  );

function parquet(count: number): Buffer {
  const columnData = [
    { name: 'question', data: Array.from({ length: count }, (_, row) => `q ${row}?`), type: 'STRING' as const },
    { name: 'answer', data: Array.from({ length: count }, (_, row) => `a ${row}`), type: 'STRING' as const },
  ];
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

function datasets() {
  const outbound = createOutbound({ home: root, isOffline: () => isOffline, isInside: () => false });
  const access = { outbound, secrets: { read: () => Promise.resolve(token) }, address, pauseMs: () => 1 };
  return createHubDatasets({ folder: path.join(root, 'hub'), access, nowMs: () => nowMs });
}

type Told = { readonly file: string; readonly doneBytes: number; readonly totalBytes: number };

async function fetched(source: string, told: Told[] = [], signal = new AbortController().signal): Promise<FetchedPart> {
  return datasets().fetch(source, { signal, report: (progress) => told.push(progress) });
}

async function refused(code: string, source: string): Promise<ForgeError> {
  const error: unknown = await fetched(source).then(
    () => null,
    (found: unknown) => found,
  );
  assert.ok(error instanceof ForgeError, String(error));
  assert.equal(error.code, code);
  return error;
}

test('a dataset is told apart into its parts before anything of it is fetched; one of them is suggested', async () => {
  for (const [name, count] of [
    ['data/train-0.parquet', 3],
    ['data/train-1.parquet', 4],
    ['data/test.parquet', 2],
  ] as const)
    hub.files.set(name, parquet(count));
  hub.files.set('README.md', Buffer.from('# rows'));
  const listing = await datasets().list(`hf:${hub.repository}`);
  assert.deepEqual(
    listing.parts.map(({ configuration, split, files, formats }) => [configuration, split, files, formats]),
    [
      ['default', 'train', 2, ['parquet']],
      ['default', 'test', 1, ['parquet']],
    ],
  );
  assert.equal(listing.suggested, 'hf:publisher/tiny-set:default/train');
  assert.deepEqual([listing.commit, listing.isConverted], [hub.commit, false]);
  assert.ok(!hub.seen.some((url) => url.includes('/resolve/')));
});

test('the long list of files is read page by page', async () => {
  for (let file = 0; file < 25; file += 1) hub.files.set(`data/train-${file}.jsonl`, rows(1));
  hub.pageSize = 10;
  const { parts } = await datasets().list(`hf:${hub.repository}`);
  assert.equal(parts[0]?.files, 25);
});

test('a part comes as its files with bytes told, goes on after a break, and becomes a version whose rows name the hub', async () => {
  hub.files.set('data/train-0.parquet', parquet(3_000));
  hub.files.set('data/train-1.jsonl', rows(40));
  hub.files.set('data/validation.jsonl', rows(7));
  hub.breaks = 2;
  const told: Told[] = [];
  const part = await fetched(`hf:${hub.repository}`, told);
  const totalBytes = part.sizeBytes;
  assert.deepEqual(told.at(-1), { file: 'data/train-1.jsonl', doneBytes: totalBytes, totalBytes });
  assert.equal(part.source, 'hf:publisher/tiny-set:default/train');
  const home = path.join(root, 'home');
  const foundry = openFoundry(home, (source) => datasets().placeOf(source));
  const report = await imported(foundry, importOf([part.source]), 'from-hub');
  assert.deepEqual([report.seen, report.accepted, report.rejected], [3_040, 3_040, 0]);
  const page = await foundry.page(pageRequest.parse({ name: 'rows', version: 1, limit: 1 }));
  const row = await foundry.row({ name: 'rows', version: 1, id: page.rows[0]?.id ?? '' });
  assert.deepEqual([row.source.type, row.source.uri], ['hub', 'publisher/tiny-set/data/train-0.parquet']);
  await foundry.stop();
  const ledger = await readFile(path.join(root, 'logs', 'network.jsonl'), 'utf8');
  assert.match(ledger, /downloading the dataset publisher\/tiny-set/);
});

test('what was fetched within the hour is taken as it is, also offline; later it is asked for again and only what changed comes', async () => {
  hub.files.set('train.jsonl', rows(3));
  hub.files.set('train-more.jsonl', rows(3, 'letter'));
  const { folder } = await fetched(`hf:${hub.repository}`);
  isOffline = true;
  assert.equal(await datasets().placeOf(`hf:${hub.repository}`), folder);
  nowMs = 2 * 3_600_000;
  await assert.rejects(datasets().placeOf(`hf:${hub.repository}`), { code: 'network.offline' });
  isOffline = false;
  hub.files.set('train.jsonl', rows(5));
  hub.files.delete('train-more.jsonl');
  const before = hub.seen.length;
  assert.equal(await datasets().placeOf(`hf:${hub.repository}`), folder);
  assert.equal(hub.seen.slice(before).filter((url) => url.includes('/resolve/')).length, 1);
  assert.deepEqual(await readdir(folder), ['train.jsonl']);
});

test('a dataset whose own files cannot be read comes as the Parquet that the hub made of it', async () => {
  hub.files.set('script.py', Buffer.from('x'));
  hub.converted.set('en/train/0000.parquet', parquet(3));
  hub.converted.set('de/train/0000.parquet', parquet(4));
  const listing = await datasets().list(`hf:${hub.repository}`);
  assert.deepEqual([listing.isConverted, listing.suggested, listing.parts.length], [true, null, 2]);
  const open = await refused('dataset.hub-part-open', `hf:${hub.repository}`);
  assert.match(open.message, /en\/train, de\/train/);
  const part = await fetched(`hf:${hub.repository}:de/train`);
  assert.equal(part.source, 'hf:publisher/tiny-set@refs/convert/parquet:de/train');
  assert.deepEqual(await readdir(path.join(part.folder, 'de', 'train')), ['0000.parquet']);
});

test('what is not there is told by what is missing: the dataset, the revision, the part, rows', async () => {
  hub.files.set('train.jsonl', rows(3));
  await refused('dataset.not-on-hub', 'hf:publisher/unknown');
  const revision = await refused('dataset.hub-revision-unknown', `hf:${hub.repository}@v9`);
  assert.match(revision.message, /not at "v9"/);
  const part = await refused('dataset.hub-part-unknown', `hf:${hub.repository}:default/test`);
  assert.match(part.message, /no default\/test\. There are: default\/train/);
  await refused('dataset.hub-not-usable', 'hf:../../etc');
  hub.files.clear();
  hub.files.set('model.bin', Buffer.from('x'));
  await refused('dataset.hub-not-usable', `hf:${hub.repository}`);
});

test('a gated dataset names the token as the remedy; with it, it comes', async () => {
  hub.files.set('train.jsonl', rows(3));
  Object.assign(hub, { token: 'wanted', isGated: true });
  const gated = await refused('dataset.hub-gated', `hf:${hub.repository}`);
  assert.match(gated.remedy, /forge secrets set hf_token/);
  token = 'other';
  assert.match(
    (await refused('dataset.hub-gated', `hf:${hub.repository}`)).message,
    /token that is set is not allowed/,
  );
  token = 'wanted';
  assert.equal((await fetched(`hf:${hub.repository}`)).files, 1);
  assert.ok(!(await readFile(path.join(root, 'logs', 'network.jsonl'), 'utf8')).includes('wanted'));
});

test('a short wait that the hub asks for is waited; a long one is told, as is a hub that fails', async () => {
  hub.files.set('train.jsonl', rows(3));
  hub.busy = { answers: 2, retryAfter: '0' };
  assert.equal((await fetched(`hf:${hub.repository}`)).files, 1);
  hub.busy = { answers: 1, retryAfter: '600' };
  assert.match((await refused('dataset.hub-busy', `hf:${hub.repository}`)).remedy, /in 10 min/);
  hub.status = 503;
  await refused('dataset.hub-refused', `hf:${hub.repository}`);
  isOffline = true;
  await refused('network.offline', `hf:${hub.repository}`);
});

test('what was stopped on the way goes on where it was', async () => {
  const content = rows(20_000);
  hub.files.set('train.jsonl', content);
  hub.pace = 2_000_000;
  const stop = new AbortController();
  const told: Told[] = [];
  const first = fetched(`hf:${hub.repository}`, told, stop.signal);
  while (!told.some(({ doneBytes }) => doneBytes > 200_000)) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort(new Error('stopped'));
  await assert.rejects(first);
  hub.pace = null;
  const again: Told[] = [];
  await fetched(`hf:${hub.repository}`, again);
  assert.ok((again[0]?.doneBytes ?? 0) > 200_000, JSON.stringify(again[0]));
});
