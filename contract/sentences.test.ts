import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say, sentenceRegistry } from './sentences.ts';
import { placesOf } from './sentences/define-sentences.ts';
import { createSentenceReader } from './sentences/read-sentence.ts';

const read = createSentenceReader(sentenceRegistry);

test('a sentence is filled with its values, figures as they were written', () => {
  assert.equal(
    say('job.verdict-better', {
      points: '81',
      low: '76',
      high: 86,
      base: 0,
      tuned: '81',
      rows: '80 rows in 20 groups',
    }),
    'Better by 81 points (76 to 86): 0 -> 81 of 100, on 80 rows in 20 groups.',
  );
});

test('what was said is found again with its values', () => {
  const said = say('plan.slow-cpu', { billions: '1.5', seconds: 12 });
  assert.deepEqual(read(said), { key: 'plan.slow-cpu', values: { billions: '1.5', seconds: '12' } });
  assert.equal(read('A text of a person'), null);
});

test('every sentence can be found again as itself: no other one swallows it', () => {
  const lost = Object.entries(sentenceRegistry).flatMap(([key, template]) => {
    const text = template.replace(/\{(\w+)(#?)\}/g, (_, name: string, mark: string) =>
      mark === '#' ? '7' : `«${name}»`,
    );
    const found = read(text);
    return found?.key === key ? [] : [`${key} is read as ${found?.key ?? 'nothing'}`];
  });
  assert.deepEqual(lost, []);
});

test('a text that only resembles a sentence of few words is left alone', () => {
  for (const text of ['All of the packages we wanted failed', 'The wheel of {x} has no digest'])
    assert.equal(read(text), null, text);
  assert.equal(read('downloading and installing packages failed')?.key, 'machine.stage-failed');
});

test('between two places stands a text, and every sentence has words of its own', () => {
  const texts = Object.values(sentenceRegistry);
  assert.deepEqual(
    texts.filter((text) => /\}\{/.test(text) || !/[a-z]{2}/i.test(text.replace(/\{\w+#?\}/g, ''))),
    [],
  );
  assert.equal(new Set(texts).size, texts.length, 'no two keys say the same');
  assert.ok(
    texts.every((text) => new Set(placesOf(text)).size === placesOf(text).length),
    'no place stands twice',
  );
});

test('a hostile text of many likely places is refused quickly', () => {
  const started = performance.now();
  for (let round = 0; round < 20; round += 1) read(' steps in  s, loss on unseen rows  to  ('.repeat(190));
  read('x'.repeat(10_000_000));
  assert.ok(performance.now() - started < 1_000, 'no going back and forth');
});
