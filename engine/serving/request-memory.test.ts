import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestMemory } from './request-memory.ts';

test('a repeated request is not done again, one that failed is, and old ones are forgotten', async () => {
  const once = createRequestMemory<number>();
  let done = 0;
  const work = () => Promise.resolve((done += 1));
  assert.deepEqual(await Promise.all([once('a', work), once('a', work), once('b', work)]), [1, 1, 2]);
  await assert.rejects(once('c', () => Promise.reject(new Error('broken'))));
  assert.equal(await once('c', work), 3);
  for (let index = 0; index < 250; index += 1) await once(`more-${index}`, work);
  const before = done;
  assert.equal(await once('a', work), before + 1);
});
