import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { createPiiFinder } from './find-pii.ts';
import { compileShape } from './pack-detectors.ts';
import { piiPack } from './pii-pack.ts';

const packs = z
  .array(piiPack)
  .parse(
    JSON.parse(
      readFileSync(path.join(import.meta.dirname, '..', '..', '..', 'resources', 'checks', 'pii-packs.json'), 'utf8'),
    ),
  );
const find = createPiiFinder({ packs });

function foundIn(text: string): string[] {
  return find(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

test('provider identifiers need a word for them and the check of 45 CFR 162', () => {
  assert.deepEqual(foundIn('NPI 1234567893, NPI: 1245319599'), ['npi: 1234567893', 'npi: 1245319599']);
  assert.deepEqual(foundIn('NPI 1234567890'), []);
  assert.deepEqual(foundIn('The number 1234567893 stands far from any word that could say what it is: NPI'), []);
});

test('medical record numbers by their words or their own form', () => {
  assert.deepEqual(foundIn('MRN: A1234567; MRN-00123'), ['mrn: A1234567', 'mrn: MRN-00123']);
  assert.deepEqual(foundIn('Part A1234567'), []);
});

test('docket numbers of federal courts and files of German courts', () => {
  assert.deepEqual(foundIn('See 1:23-cv-04567 and Urteil VI ZR 123/20.'), [
    'docket-number: 1:23-cv-04567',
    'docket-number: VI ZR 123/20',
  ]);
});

test('a shape means what it says and nothing else', () => {
  assert.match('x A-12 y', compileShape('A-9{2,3}'));
  assert.doesNotMatch('x AA-12 y', compileShape('A-9{2,3}'));
  assert.doesNotMatch('A-1234', compileShape('A-9{2,3}'));
  assert.match('(1.5)+', compileShape('(9.9)+'));
  assert.doesNotMatch('(1x5)+', compileShape('(9.9)+'));
  assert.throws(() => compileShape('9{5,2}'), RangeError);
  assert.throws(() => compileShape(''), RangeError);
  assert.throws(() => compileShape('9'.repeat(201)), RangeError);
});
