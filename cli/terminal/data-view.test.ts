import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatasetInspection, ShownRow } from '#contract/dataset-preview.ts';
import { palette } from './colour.ts';
import { inspectionLines, shownRowLines } from './data-view.ts';
import { glyphs } from './glyphs.ts';

const style = { width: 100, palette: palette('none'), glyphs: glyphs(true) };
const piece = (text: string, learned: boolean): ShownRow['pieces'][number] => ({
  text,
  learned,
  part: learned ? 'assistant' : 'template',
  token: 1,
});
const row: ShownRow = {
  pieces: [piece('<|im_start|>', false), piece('assistant\n', false), piece('Ye', true), piece('s\u001b[31m', true)],
  tokens: 4,
  learnedTokens: 2,
  exactness: 'tokens',
  note: 'As smol sees it.',
};

test('what is learned is marked, with and without colours, and nothing in a row can steer the terminal', () => {
  assert.deepEqual(shownRowLines(row, style), [
    '<|im_start|>assistant',
    '<<Yes>>',
    '',
    'As smol sees it.',
    'What is learned stands between << and >>.',
  ]);
  const coloured = shownRowLines(row, { ...style, palette: palette('extended') });
  assert.equal(coloured[1], '\u001b[38;5;173mYes\u001b[39m');
  assert.match(coloured.at(-1) ?? '', /in colour/);
});

test('an inspection says format, places, rows and the first rejects', () => {
  const sides = { rows: 20, groups: 18 };
  const inspection = {
    path: '/data/own.csv',
    columns: ['Frage', 'Antwort'],
    scoring: 'Answers are scored by likeness.',
    rows: [],
    total: 40,
    report: {
      ...{
        name: 'own.csv',
        container: 'csv',
        format: 'columns',
        delimiter: '\t',
        sizeBytes: 10,
        sha256: '0'.repeat(64),
      },
      ...{ mapping: { prompt: 'Frage', answer: 'Antwort' }, encoding: { name: 'windows-1252', certain: false } },
      ...{ seen: 43, rows: 40, duplicates: 1, contradictions: 0, flags: {}, warnings: ['Look at the accents.'] },
      rejected: {
        total: 2,
        byReason: { RAGGED_SHORT: 2 },
        examples: [{ line: 7, reason: 'RAGGED_SHORT', message: 'it has 1 field', excerpt: 'nur eins' }],
      },
      groups: { count: 38, origin: 'column', largest: 2 },
    },
    split: { train: sides, validation: sides, heldOut: sides, warnings: [] },
  } as unknown as DatasetInspection;
  const text = inspectionLines(inspection, style).join('\n');
  assert.match(text, /format +columns in csv, separated by tabs, windows-1252 \(a guess\)/);
  assert.match(text, /places +prompt = Frage, answer = Antwort/);
  assert.match(text, /rows +40 of 43 records; 2 rejected, 1 duplicate merged/);
  assert.match(text, /note {2}Look at the accents\./);
  assert.match(text, /7 {2}it has 1 field +nur eins\nand 1 more$/);
});
