import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { dataExportReport, dataFormats, type DataExportReport, type DataFormat } from '#contract/data-exports.ts';
import { rowKinds, type CanonicalRow } from '#contract/rows.ts';
import { canCarry, cannotCarry } from '#core/foundry/exports/format-limits.ts';
import { generatedRow } from '#core/foundry/exports/generated-row.ts';
import type { RowFeature } from '#contract/data-exports.ts';
import { featuresOf, noFeatures, countFeatures } from '#core/foundry/exports/row-features.ts';
import type { FoundryService } from '../foundry-service.ts';
import { ended, imported, importOf, openFoundry, temporaryHome } from '../testing/foundry-fixture.ts';

const generated = 300;
let [home, remove]: [string, () => Promise<void>] = ['', () => Promise.resolve()];
let foundry: FoundryService;
let rows: CanonicalRow[] = [];

async function rowsOf(name: string): Promise<CanonicalRow[]> {
  const found: CanonicalRow[] = [];
  for await (const batch of foundry.versions.rows(await foundry.versions.newest(name))) found.push(...batch.rows);
  return found;
}

async function exported(format: DataFormat, mode: 'check' | 'write', requestId: string): Promise<DataExportReport> {
  const to = path.join(home, 'exports', format);
  const request = { name: 'rows', version: 1, format, mode, to, overwrite: false, split: null };
  const job = await ended(foundry, (await foundry.jobs.start({ kind: 'export', name: 'rows', request, requestId })).id);
  assert.equal(job.state, 'done', JSON.stringify(job.failure));
  return dataExportReport.parse(job.result);
}

before(async () => {
  ({ home, remove } = await temporaryHome());
  foundry = openFoundry(home);
  await foundry.begin();
  const file = path.join(home, 'rows.jsonl');
  const made = Array.from({ length: generated }, (_, index) => generatedRow(5, index, rowKinds[index % 5] ?? 'sft'));
  writeFileSync(file, made.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const report = await imported(foundry, importOf([file]), 'import-the-rows');
  assert.deepEqual([report.accepted, report.rejected, report.merged], [generated, 0, 0]);
  rows = await rowsOf('rows');
});

after(async () => {
  await foundry.stop();
  await remove();
});

/** What a format drops of a row that changes what the row says. */
const changing: readonly RowFeature[] = ['call-links', 'system-edges'];

for (const format of dataFormats) {
  test(`what ${format} can carry comes back as it was, and the rest was told before`, async () => {
    const checked = await exported(format, 'check', `check-${format}-rows`);
    const folder = path.join(home, 'exports', format);
    assert.equal(existsSync(folder), false, 'a check writes nothing');
    const carried = rows.filter((row) => canCarry(format, row));
    assert.ok(carried.length >= 10);
    const report = await exported(format, 'write', `write-${format}-rows`);
    assert.deepEqual(report.losses, checked.losses);
    assert.deepEqual([report.rows, report.written, checked.written], [generated, carried.length, carried.length]);
    const files = report.files.filter(({ rows: count }) => count !== null).map((file) => path.join(folder, file.path));
    const back = await imported(foundry, importOf(files, { name: `back-${format}` }), `back-of-${format}`);
    assert.deepEqual([back.rejected, back.accepted + back.merged], [0, carried.length]);
    const came = new Map((await rowsOf(`back-${format}`)).map((row) => [row.id, row]));
    const dropped = new Set(report.losses.filter(({ loses }) => loses === 'part').map(({ what }) => what));
    for (const row of carried) {
      if (changing.some((feature) => dropped.has(feature) && featuresOf(row).has(feature))) continue;
      const again = came.get(row.id);
      assert.ok(again, `${format} lost ${JSON.stringify(row)}`);
      if (dropped.has('metadata')) continue;
      const factsOf = ({ category, lang, group, training_eligible, source }: CanonicalRow): unknown[] => [
        ...[category, lang, group, training_eligible, source.licence],
      ];
      assert.deepEqual(factsOf(again), factsOf(row));
    }
    assert.match(readFileSync(path.join(folder, 'README.md'), 'utf8'), /## Sources and licences[\s\S]*## Known limits/);
  });
}

test('nothing is lost by a format without being in its list', () => {
  const counts = noFeatures();
  for (const row of rows) countFeatures(counts, row);
  for (const format of dataFormats) {
    const said = new Set(
      cannotCarry(format, counts)
        .filter(({ loses }) => loses === 'row')
        .map(({ what }) => what),
    );
    for (const row of rows.filter((candidate) => !canCarry(format, candidate)))
      assert.ok(
        [...featuresOf(row)].some((feature) => said.has(feature)),
        `${format}: ${row.kind}`,
      );
  }
});

test('a group stands on one side of MLX, and an export that is there is not replaced unasked', async () => {
  const folder = path.join(home, 'exports', 'mlx');
  for (const name of ['train', 'valid', 'test']) assert.ok(existsSync(path.join(folder, `${name}.jsonl`)), name);
  const request = { name: 'rows', version: 1, format: 'mlx', mode: 'write', to: `${folder}/`, split: null };
  const start = { kind: 'export', name: 'rows', request } as const;
  const inside = await ended(foundry, (await foundry.jobs.start({ ...start, requestId: 'mlx-inside-it' })).id);
  assert.equal(inside.state, 'done');
  const again = await ended(foundry, (await foundry.jobs.start({ ...start, requestId: 'mlx-once-more' })).id);
  assert.equal(again.state, 'failed');
  assert.match(JSON.stringify(again.failure), /export\.target-exists/);
});
