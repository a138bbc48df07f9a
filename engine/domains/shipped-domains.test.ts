import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { CanonicalRow } from '#contract/rows.ts';
import { createNearDuplicates } from '#core/foundry/dedupe/near-duplicates.ts';
import { createRowImporter } from '#core/foundry/import/row-importer.ts';
import { answerTextOf, promptTextOf } from '#core/foundry/row-texts.ts';
import { readPiiPacks } from '../foundry/views/step-resources.ts';
import { createDomainService } from './domain-service.ts';

const shipped = path.resolve(import.meta.dirname, '../../domains');
const detectors = async () => (await readPiiPacks(path.dirname(shipped))).map(({ id }) => id);
const service = createDomainService({ shipped, own: path.join(shipped, 'no-such-folder'), detectors });
const written = ['coding', 'education', 'finance', 'healthcare', 'legal'];

function rowsOf(file: string): CanonicalRow[] {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const importer = createRowImporter({
    ...{ uri: path.basename(file), sourceType: 'file', columns: [], mapping: null, systemPrompt: null },
    ...{ domain: null, licence: null, teacher: null, digest },
  });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line, index) => {
    const place = { line: index + 1, byteOffset: 0, byteLength: line.length, flags: [] };
    const outcome = importer.take({ ...place, kind: 'value', value: JSON.parse(line) as unknown });
    assert.equal(outcome.kind, 'row', `${file}:${index + 1} ${JSON.stringify(outcome).slice(0, 200)}`);
    return (outcome as Extract<typeof outcome, { kind: 'row' }>).row;
  });
}

test('the shipped packs are readable: coding, legal, healthcare, finance, education and the support tickets', async () => {
  const domains = await service.list();
  assert.deepEqual(
    domains.map(({ id }) => id),
    [...written, 'support'].toSorted(),
  );
  for (const { id, problems } of domains) assert.deepEqual(problems, [], id);
});

test('each field has at least 60 hand-written rows that import whole, pass their own filters and say what they cover', async () => {
  for (const id of written) {
    const { pack, samplesFile } = await service.show(id);
    const rows = rowsOf(samplesFile ?? '');
    assert.ok(rows.length >= 60, `${id} has ${rows.length} rows`);
    assert.equal(rows.length, pack?.samples?.rows, `${id}: the pack says how many there are`);
    assert.equal(new Set(rows.map((row) => row.id)).size, rows.length, `${id}: no row twice`);
    assert.ok(new Set(rows.map(({ category }) => category)).size >= 10, `${id}: varied`);
    for (const row of rows) {
      const answer = answerTextOf(row);
      assert.ok(answer.length >= (pack?.data.min_response_length ?? 0), `${row.source.id} is too short`);
      if (pack?.data.require_code_blocks === true) assert.match(answer, /```\w+\n[\s\S]+?```/, row.source.id);
      assert.equal(row.source.licence, 'Apache-2.0');
    }
  }
});

test('no two sample rows are near-duplicates, in a field or across fields, by question, answer or both', async () => {
  const files = await Promise.all(written.map(async (id) => (await service.show(id)).samplesFile ?? ''));
  const rows = files.flatMap(rowsOf);
  const texts = [answerTextOf, promptTextOf, (row: CanonicalRow) => `${promptTextOf(row)}\n${answerTextOf(row)}`];
  for (const textOf of texts) {
    const near = createNearDuplicates({ threshold: 0.5 });
    for (const row of rows) near.add(textOf(row));
    for (const share of near.link()) assert.ok(share <= 1);
    const found = [...near.clusters()].map((cluster) => cluster.map((place) => rows[place]?.source.id));
    assert.deepEqual(found, []);
  }
});

test('answers do not open with the same words over and over', async () => {
  for (const id of written) {
    const { samplesFile } = await service.show(id);
    const openings = rowsOf(samplesFile ?? '').map((row) => answerTextOf(row).split(/\s+/).slice(0, 4).join(' '));
    const most = Math.max(...openings.map((opening) => openings.filter((other) => other === opening).length));
    assert.ok(most <= 3, `${id}: ${most} answers begin alike`);
  }
});
