import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearDuplicateTexts } from '../../../tests/fixtures/near-duplicate-texts.ts';
import { mulberry32 } from '../../random/mulberry32.ts';
import { createNearDuplicates, type NearDuplicateOptions, type NearDuplicates } from './near-duplicates.ts';

function linked(texts: readonly string[], options: NearDuplicateOptions = {}): NearDuplicates {
  const near = createNearDuplicates(options);
  for (const text of texts) near.add(text);
  Array.from(near.link());
  return near;
}

const clustersOf = (texts: readonly string[], options?: NearDuplicateOptions) => [...linked(texts, options).clusters()];

const numbers = (from: number, count: number, word = 'word') =>
  Array.from({ length: count }, (_, index) => `${word}${from + index}`).join(' ');

test('planted pairs at 0.8 and more are found with recall 0.97 and precision 0.98, within 3 KB a text (D-10)', () => {
  const { texts, planted } = nearDuplicateTexts(6000, 11);
  const near = linked(texts);
  const alike = planted.filter(({ similarity }) => similarity >= 0.8);
  assert.ok(alike.length > 150);
  const found = alike.filter(({ first, second }) => near.firstOf(first) === near.firstOf(second));
  assert.ok(found.length / alike.length >= 0.97, `${found.length} of ${alike.length}`);
  const truth = new Map(planted.map(({ first, second, similarity }) => [`${first}-${second}`, similarity]));
  const pairs = [...near.pairs()];
  const right = pairs.filter(({ first, second }) => (truth.get(`${first}-${second}`) ?? 0) >= 0.8);
  assert.ok(right.length / pairs.length >= 0.98, `${right.length} of ${pairs.length}`);
  for (const { first, second, similarity } of right)
    assert.ok(Math.abs(similarity - (truth.get(`${first}-${second}`) ?? 0)) < 1e-6);
  assert.ok(near.sizeBytes / texts.length < 3072, `${near.sizeBytes / texts.length}`);
});

test('a hundred words are a shingle set of 96: four changed at the end stay near, forty changed do not', () => {
  const text = numbers(0, 100);
  assert.deepEqual(clustersOf([text, numbers(200, 100), numbers(0, 96)]), [[0, 2]]);
  assert.deepEqual(clustersOf([text, `${numbers(0, 60)} ${numbers(500, 40)}`]), []);
});

test('case, punctuation and spaces make no difference', () => {
  const text = numbers(0, 30);
  assert.deepEqual(clustersOf([text, text.toUpperCase().replaceAll(' ', ',\n')]), [[0, 1]]);
});

test('a chain of near texts is one cluster, named by its first', () => {
  const near = linked([numbers(0, 100), numbers(900, 100), numbers(5, 100), numbers(10, 100)]);
  assert.deepEqual([...near.clusters()], [[0, 2, 3]]);
  assert.deepEqual([near.firstOf(3), near.firstOf(1)], [0, 1]);
});

test('texts of a language without spaces are compared by five characters in a row', () => {
  const text =
    '機械学習では、データから規則を学び、新しい入力に対して予測を行う。訓練データの品質が結果を大きく左右するため、重複した文章を取り除くことが大切である。';
  assert.deepEqual(
    clustersOf([text, text.replace('新しい入力', '未知の入力'), '今日は天気が良いので散歩に行きましょう。']),
    [[0, 1]],
  );
});

test('texts of fewer than five words are near only when they are equal, and texts without words never', () => {
  assert.deepEqual(clustersOf(['Yes, please.', 'yes please', 'yes', 'please yes', '', '', '...', '!!!']), [[0, 1]]);
});

test('a long text keeps a sample of its shingles, so its memory is bounded, and is still found', () => {
  const random = mulberry32(5);
  const long = numbers(0, 60_000);
  const changed = long.replace(/word\d+/g, (word) => (random() < 0.01 ? 'other' : word));
  const near = linked([long, changed, numbers(100_000, 60_000)]);
  assert.deepEqual([...near.clusters()], [[0, 1]]);
  assert.ok(near.sizeBytes < 6 * 2 ** 20);
});

test('texts on both sides of a bound of sampling are found', () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const texts = [numbers(0, 640, `w${seed}x`), numbers(0, 655, `w${seed}x`), numbers(0, 620, `w${seed}x`)];
    assert.deepEqual(clustersOf(texts, { seed }), [[0, 1, 2]]);
  }
});

test('an instruction that all texts share does not make them near, unless it is all they hold', () => {
  const instruction = numbers(0, 60);
  const tickets = Array.from({ length: 40 }, (_, index) => `${instruction} ${numbers(1000 + 20 * index, 5)}`);
  assert.deepEqual(clustersOf(tickets), []);
  assert.deepEqual(clustersOf(tickets, { ignoreCommonWording: false }).length, 1);
  const collapsed = Array.from({ length: 40 }, () => instruction);
  assert.equal(clustersOf(collapsed)[0]?.length, 40);
});

test('a cluster far larger than what one text is compared with is found whole', () => {
  const texts = Array.from({ length: 3000 }, (_, index) => `${numbers(0, 60)} end${index}`);
  assert.equal(clustersOf(texts, { ignoreCommonWording: false })[0]?.length, 3000);
});

test('the same texts and seed give the same clusters, however they are batched; links are true pairs (property)', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 14 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), fc.integer(), (texts, seed) => {
      const options = { seed, ignoreCommonWording: false };
      const near = linked(texts, options);
      assert.deepEqual(clustersOf(texts, options), [...near.clusters()]);
      for (const { first, second, similarity } of near.pairs()) {
        assert.ok(first < second && similarity >= 0.8 && similarity <= 1);
        assert.equal(near.firstOf(first), near.firstOf(second));
      }
      // Equal texts with a word always stand together.
      texts.forEach((one, index) => {
        if (one !== '') assert.equal(near.firstOf(index), near.firstOf(texts.indexOf(one)));
      });
    }),
    { numRuns: 200, seed: 42 },
  );
});

test('progress grows to 1, nothing can be added after linking, and options out of range are refused', () => {
  const near = createNearDuplicates();
  for (const text of nearDuplicateTexts(3000, 2, 20).texts) near.add(text);
  const shares = [...near.link()];
  assert.ok(shares.length > 5);
  assert.deepEqual(
    shares,
    shares.toSorted((one, other) => one - other),
  );
  assert.equal(shares.at(-1), 1);
  assert.throws(() => near.add('late'), RangeError);
  assert.throws(() => createNearDuplicates({ threshold: 0.3 }), RangeError);
  assert.throws(() => createNearDuplicates({ mostShingles: 1 }), RangeError);
  assert.deepEqual(clustersOf([]), []);
});
