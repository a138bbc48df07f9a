// `forge data import` and what it makes, as a person uses it, against the real engine.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { datasetVersion, foundryJob, importReport, rowPage } from '#contract/dataset-versions.ts';
import { planPreview } from '#contract/plan-preview.ts';
import { connectEngine } from '../../cli/engine-connection.ts';
import { forge, newHome } from '../bad-input/forge-command.ts';

let home = '';
const cleanUps: (() => Promise<void>)[] = [];
let connection: Awaited<ReturnType<typeof connectEngine>> | null = null;

before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  connection = await connectEngine({ home, environment: { ...process.env, FORGE_NETWORK_OFFLINE: 'true' } });
  await mkdir(path.join(home, 'my files'), { recursive: true });
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

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const place = path.join(home, 'my files', name);
  await writeFile(place, content);
  return place;
}

const tickets = (): string => {
  const rows = Array.from({ length: 30 }, (_, row) => `${row};Wo ist Paket ${row}?;Im Lager ${row}, schön\n`);
  return `Nr;Frage;Antwort\n${rows.join('')}30;Leer?;\n0;Wo ist Paket 0?;Im Lager 0, schön\nkurz\n`;
};

test('a spreadsheet export with semicolons in Latin-1: imported, paged, searched, its rejects told', async () => {
  const place = await file('tickets.csv', Buffer.from(tickets(), 'latin1'));
  const more = await file('more rows.jsonl', `${JSON.stringify({ Frage: 'q', Antwort: 'a' })}\n`);
  const mapped = ['--map', 'prompt=Frage,answer=Antwort'];
  const printed = (await json(['data', 'import', place, more, '--as', 'tickets', ...mapped])) as Record<
    string,
    unknown
  >;
  const stable = [
    'name',
    'version',
    'digest',
    'seen',
    'accepted',
    'rejected',
    'merged',
    'rejectsPath',
    'seconds',
    'peakBytes',
  ];
  assert.deepEqual(Object.keys(printed), stable);
  const report = importReport.omit({ warnings: true }).parse(printed);
  const { name, version, seen, accepted, rejected, merged } = report;
  assert.deepEqual([name, version, seen, accepted, rejected, merged], ['tickets', 1, 34, 31, 2, 1]);
  const lines = (await readFile(report.rejectsPath ?? '', 'utf8')).trim().split('\n');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { code: string; line: number }).line),
    [32, 34],
  );

  const page = rowPage.parse(
    await json(['data', 'rows', 'tickets', '--search', 'SCHÖN', '--limit', '3', '--offset', '1']),
  );
  assert.deepEqual([page.total, page.rows.map(({ place: row }) => row)], [30, [1, 2, 3]]);
  assert.equal(page.rows[0]?.answer, 'Im Lager 1, schön');
  const { out } = await forge(['data', 'rejects', 'tickets', '--code', 'EMPTY_FIELD', '--home', home]);
  assert.match(out, /tickets\.csv +32 +EMPTY_FIELD +the answer is empty/);
  assert.match(out, /1 in all: /);
  const shown = await forge(['data', 'show', 'tickets', '--row', '2', '--home', home]);
  assert.match(shown.out, /user\nWo ist Paket 1\?/);
  assert.match((await forge(['data', 'show', 'tickets', '--home', home])).out, /34 seen, 2 rejected, 1 merged/);
});

test('a version is what a model can be made of, by its name', async () => {
  const rows = Array.from({ length: 40 }, (_, row) =>
    JSON.stringify({ question: `What is number ${row} of the list?`, answer: `${row * 7}` }),
  );
  await json(['data', 'import', await file('sums.jsonl', rows.join('\n')), '--as', 'sums']);
  await json(['data', 'import', await file('sums2.jsonl', rows.slice(0, 30).join('\n')), '--as', 'sums']);
  const newest = planPreview.parse(await json(['train', '--dataset', 'sums', '--dry-run']));
  assert.deepEqual([newest.report.name, newest.report.rows], ['sums:v2', 30]);
  const first = planPreview.parse(await json(['train', '--dataset', 'sums:v1', '--dry-run']));
  assert.deepEqual([first.report.name, first.report.rows], ['sums:v1', 40]);
});

test('versions are listed, removed and taken back', async () => {
  const all = datasetVersion.array().parse(await json(['data', 'versions', 'sums']));
  assert.deepEqual(
    all.map(({ version }) => version),
    [2, 1],
  );
  await json(['data', 'remove', 'sums:v2', '--yes']);
  const left = datasetVersion.array().parse(await json(['data', 'versions', 'sums']));
  assert.deepEqual(
    left.map(({ version }) => version),
    [1],
  );
  assert.equal(datasetVersion.parse(await json(['data', 'restore', 'sums:v2'])).version, 2);
  const jobs = foundryJob.array().parse(await json(['data', 'jobs']));
  assert.ok(jobs.length >= 3 && jobs.every(({ state }) => state === 'done'));
  const cancelled = foundryJob.parse(await json(['data', 'cancel', (jobs[0]?.id ?? '').slice(0, 10)]));
  assert.deepEqual([cancelled.id, cancelled.state], [jobs[0]?.id, 'done'], 'what is over stays so');
});

test('wrong words are refused with what is wanted', async () => {
  const refused: [RegExp, string[]][] = [
    [/needs a name/, ['data', 'import', 'x.csv']],
    [/cannot be the name/, ['data', 'import', 'x.csv', '--as', 'My Data']],
    [/no file at/, ['data', 'import', path.join(home, 'nowhere.csv'), '--as', 'x']],
    [/does not know colour/, ['data', 'import', 'x.csv', '--as', 'x', '--map', 'colour=a']],
    [/no dataset called nothing/, ['data', 'rows', 'nothing']],
    [/is over already/, ['data', 'pause', 'last']],
    [/nowhere/, ['data', 'resume', 'nowhere']],
    [/more than one sign/, ['data', 'import', 'x.csv', '--as', 'x', '--delimiter', 'ab']],
  ];
  for (const [expected, words] of refused) {
    const { code, err } = await forge([...words, '--home', home]);
    assert.deepEqual([code, expected.test(err.replace(/\s+/g, ' '))], [2, true], err);
  }
  assert.equal(existsSync(path.join(home, 'datasets', 'x')), false);
});

test('columns that are not there are told with those that are', async () => {
  const place = await file('other.csv', 'a,b\n1,2\n');
  const { code, out } = await forge([
    'data',
    'import',
    place,
    '--as',
    'other',
    '--map',
    'prompt=question,answer=b',
    '--json',
    '--home',
    home,
  ]);
  assert.equal(code, 2);
  assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, 'dataset.column-missing');
});
