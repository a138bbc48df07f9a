import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearDuplicateTexts } from '../../../tests/fixtures/near-duplicate-texts.ts';
import { createContaminationIndex } from './find-contamination.ts';

test('100,000 generated rows against 5,000 tasks of the same vocabulary give no false hit (D-12)', () => {
  const tasks = nearDuplicateTexts(5000, 31, 80).texts.map((text, id) => ({ set: 'b', id: String(id), texts: [text] }));
  const index = createContaminationIndex(tasks);
  const hits = nearDuplicateTexts(100_000, 32).texts.flatMap((text) => [
    ...index.check([{ place: 'text', role: 'user', text }]),
  ]);
  assert.ok(index.ngrams > 300_000);
  assert.deepEqual(hits, []);
});
