// A dataset of the hub by the command line: the same engine, client and ledger as a person has, against a hub in this process.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { forge, newHome } from '../bad-input/forge-command.ts';
import { FakeDatasetHub } from './fake-dataset-hub.ts';

const rows = (count: number): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, row) => `{"question":"Where is ${row}?","answer":"Shelf ${row}."}\n`).join(''),
  );

test('forge data import hf:... fetches the part that is named and makes a version of it; otherwise it tells the parts, the remedy, the reason', async (t) => {
  const hub = new FakeDatasetHub();
  const address = await hub.start();
  t.after(() => hub.dispose());
  const home = await newHome({ after: (work) => t.after(work) });
  const environment = { HF_ENDPOINT: address, FORGE_NETWORK_OFFLINE: 'false' };
  const run = (source: string, ...more: string[]) =>
    forge(['data', 'import', source, '--as', 'borrowed', '--home', home, ...more], environment);
  hub.files.set('en/train.jsonl', rows(30));
  hub.files.set('de/train.jsonl', rows(20));

  const open = await run(`hf:${hub.repository}`);
  assert.equal(open.code, 2, open.err);
  assert.match(open.err, /several parts: en\/train, de\/train/);
  assert.match(open.err, /hf:publisher\/tiny-set:configuration\/split/);

  const done = await run(`hf:${hub.repository}:de`, '--json');
  assert.equal(done.code, 0, done.err);
  const report = JSON.parse(done.out) as { seen: number; accepted: number; version: number };
  assert.deepEqual([report.seen, report.accepted, report.version], [20, 20, 1]);
  const [first = ''] = (await readFile(path.join(home, 'datasets', 'borrowed', 'v1', 'rows.jsonl'), 'utf8')).split(
    '\n',
  );
  const { source } = JSON.parse(first) as { source: { type: string; uri: string } };
  assert.deepEqual([source.type, source.uri], ['hub', 'publisher/tiny-set/de/train.jsonl']);

  hub.token = 'wanted';
  const gated = await run(`hf:${hub.repository}:en`);
  assert.equal(gated.code, 3, gated.err);
  assert.match(gated.err, /forge secrets set hf_token/);
  hub.token = null;
  const gone = await run('hf:publisher/gone');
  assert.match(gone.err, /The hub has no dataset publisher\/gone/);
  const revision = await run(`hf:${hub.repository}@v9:en`);
  assert.match(revision.err, /is on the hub, but not at "v9"/);
});
