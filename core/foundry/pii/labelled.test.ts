import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import {
  labelledFile,
  labelledTexts,
  shippedRounds,
  type LabelledText,
} from '../../../scripts/pii-labelled/labelled-texts.ts';
import { piiKinds } from '#contract/dataset-checks.ts';
import { createPiiFinder } from './find-pii.ts';

const file = path.join(import.meta.dirname, '..', '..', '..', 'resources', 'checks', 'pii-labelled.jsonl');
const span = z.object({ kind: z.string(), start: z.number(), end: z.number() });
const line = z.object({ language: z.string(), text: z.string(), spans: z.array(span) });

interface Score {
  labelled: number;
  found: number;
  right: number;
}

/** A finding is right only with the kind, the beginning and the end of a label. */
function scoresOf(texts: readonly LabelledText[]): Map<string, Score> {
  const find = createPiiFinder();
  const scores = new Map<string, Score>(piiKinds.map((kind) => [kind, { labelled: 0, found: 0, right: 0 }]));
  for (const { text, spans } of texts) {
    const labels = new Set(spans.map(({ kind, start, end }) => `${kind} ${start} ${end}`));
    for (const { kind } of spans) (scores.get(kind) ?? assert.fail(kind)).labelled += 1;
    for (const { kind, start, end } of find(text)) {
      const score = scores.get(kind) ?? assert.fail(kind);
      score.found += 1;
      if (labels.has(`${kind} ${start} ${end}`)) score.right += 1;
    }
  }
  return scores;
}

function assertGood(texts: readonly LabelledText[]): void {
  for (const [kind, { labelled, found, right }] of scoresOf(texts)) {
    assert.ok(labelled >= 40, `${kind}: ${labelled} labels`);
    assert.ok(right / labelled >= 0.95, `recall of ${kind}: ${right} of ${labelled}`);
    assert.ok(right / found >= 0.95, `precision of ${kind}: ${right} of ${found}`);
  }
}

test('recall and precision are 0.95 for every kind on the shipped set of 1,000 spans and more (D-13)', () => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const texts = lines.map((each) => line.parse(JSON.parse(each)));
  assert.ok(texts.flatMap(({ spans }) => spans).length >= 1000);
  assert.ok(new Set(texts.map(({ language }) => language)).size >= 8);
  assertGood(texts);
});

test('values that were drawn from other seeds are found as well', () => {
  for (const seed of [1, 2, 3]) assertGood(labelledTexts(seed, shippedRounds));
});

test('the shipped set is what its generator writes', () => {
  assert.equal(readFileSync(file, 'utf8'), labelledFile());
});
