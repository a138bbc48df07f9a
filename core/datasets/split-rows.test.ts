import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DatasetRow, splitReport } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { assignGroups } from './assign-groups.ts';
import { splitRows } from './split-rows.ts';

function row(index: number, group: string, answer = `answer ${index}`): DatasetRow {
  return {
    id: `row${index}`,
    kind: 'sft',
    messages: [
      { role: 'user', content: `Question ${index} about topic ${(index * 7919) % 1009}, please?` },
      { role: 'assistant', content: answer },
    ],
    group,
  };
}

function pairsOfRows(count: number, answerOf?: (index: number) => string): DatasetRow[] {
  return Array.from({ length: count }, (_, index) => row(index, `g${index >> 1}`, answerOf?.(index)));
}

function groupsOf(rows: readonly DatasetRow[]): Set<string> {
  return new Set(rows.map((entry) => entry.group));
}

test('the wanted number of rows is held out in whole groups, and a validation part comes from the training side', () => {
  const { train, validation, heldOut, report } = splitRows(pairsOfRows(400), { seed: 17, heldOutRows: 80 });
  assert.deepEqual([train.length, validation.length, heldOut.length], [288, 32, 80]);
  assert.deepEqual([report.heldOut, report.heldOutWanted], [{ rows: 80, groups: 40 }, 80]);
  assert.deepEqual(splitReport.parse(report), report);
  assert.ok(Math.abs((report.expectedVisiblePoints ?? 0) - 8.66) < 0.01);
  assert.deepEqual(report.warnings, []);
});

test('by default a fifth is held out, between 20 and 200 rows, and never more than a third', () => {
  const heldOut = [30, 60, 500, 3000].map((count) => splitRows(pairsOfRows(count), { seed: 1 }).report.heldOutWanted);
  assert.deepEqual(heldOut, [10, 20, 100, 200]);
});

test('for all rows, groups and seeds: no row is lost or doubled, no group is cut, and the same seed gives the same parts', () => {
  const groups = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 8, maxLength: 120 });
  fc.assert(
    fc.property(groups, fc.integer(), (names, seed) => {
      fc.pre(new Set(names).size >= 3);
      const rows = names.map((name, index) => row(index, `g${name}`, index % 3 === 0 ? 'yes' : 'no'));
      const { train, validation, heldOut } = splitRows(rows, { seed });
      const ids = [...train, ...validation, ...heldOut].map((entry) => entry.id);
      assert.deepEqual(ids.toSorted(), rows.map((entry) => entry.id).toSorted());
      const parts = [train, validation, heldOut].map(groupsOf);
      assert.equal(
        parts.reduce((sum, part) => sum + part.size, 0),
        groupsOf(rows).size,
      );
      for (const part of parts) assert.ok(part.size > 0);
      assert.deepEqual(splitRows(rows, { seed }).heldOut, heldOut);
    }),
    { numRuns: 60 },
  );
});

test('another seed holds out other rows, and the order of the file does not matter', () => {
  const rows = pairsOfRows(200);
  const [first, second] = [splitRows(rows, { seed: 1 }), splitRows(rows, { seed: 2 })];
  assert.notDeepEqual(groupsOf(first.heldOut), groupsOf(second.heldOut));
  assert.deepEqual(groupsOf(splitRows(rows.toReversed(), { seed: 1 }).heldOut), groupsOf(first.heldOut));
});

test('the shares of labels are kept in the held-out rows, better than by chance', () => {
  const label = (index: number): string =>
    (index >> 1) % 10 === 0 ? 'rare' : (index >> 1) % 3 === 0 ? 'some' : 'common';
  const asJson = (index: number): string => JSON.stringify({ kind: label(index), urgent: (index >> 1) % 4 === 0 });
  for (const seed of [1, 2, 3, 4, 5]) {
    const { report } = splitRows(pairsOfRows(400, seed % 2 === 0 ? label : asJson), { seed, heldOutRows: 80 });
    assert.ok((report.largestLabelShift ?? 100) <= 2.5, `seed ${seed}: ${report.largestLabelShift}`);
  }
  assert.equal(splitRows(pairsOfRows(100), { seed: 1 }).report.largestLabelShift, null);
});

test('too few groups are an error, few held-out groups a warning about what can be seen', () => {
  const twoGroups = Array.from({ length: 50 }, (_, index) => row(index, `g${index % 2}`));
  assert.throws(
    () => splitRows(twoGroups, { seed: 1 }),
    (error) => error instanceof ForgeError && error.code === 'dataset.too-few-groups',
  );
  const { report } = splitRows(pairsOfRows(40), { seed: 1 });
  assert.equal(report.expectedVisiblePoints, null);
  assert.match(report.warnings.join(' '), /Only 6 groups are held out; at least 20/);
});

test('groups larger than the wanted part are not cut: the smallest is held out, with a warning', () => {
  const rows = Array.from({ length: 90 }, (_, index) => row(index, `g${index % 3}`));
  const { report } = splitRows(rows, { seed: 1, heldOutRows: 20 });
  assert.deepEqual([report.heldOut, report.validation, report.train], Array(3).fill({ rows: 30, groups: 1 }));
  assert.match(report.warnings.join(' '), /30 rows are held out instead of 20/);
});

test('asking for more than half of the rows is refused', () => {
  for (const heldOutRows of [51, 0, -1, 2.5, NaN]) {
    assert.throws(
      () => splitRows(pairsOfRows(100), { seed: 1, heldOutRows }),
      (error) => error instanceof ForgeError && error.code === 'dataset.held-out-too-large',
      String(heldOutRows),
    );
  }
});

const longQuestion =
  'My new router drops the connection every evening at around eight and I have restarted it three times already';

function prompts(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${(index * 48271) % 99991} unlike ${(index * 16807) % 65537} others ${index}`,
  );
}

test('near-equal prompts come into one group without a group column; different ones do not', () => {
  const texts = [
    longQuestion,
    `${longQuestion}!`,
    longQuestion.replace('eight', 'nine'),
    'Where is my parcel?',
    ...prompts(40),
  ];
  const { groups, origin } = assignGroups({
    ids: texts.map((_, index) => `id${index}`),
    prompts: texts.map((text) => text.toLowerCase()),
    given: texts.map(() => undefined),
    sameGroups: [],
  });
  assert.equal(origin, 'near-duplicates');
  assert.deepEqual(groups.slice(0, 4), ['id0', 'id0', 'id0', 'id3']);
  assert.equal(new Set(groups).size, texts.length - 2);
});

test('an instruction that all prompts share does not make them one group', () => {
  const topics = prompts(60);
  const { groups } = assignGroups({
    ids: topics.map((_, index) => `id${index}`),
    prompts: topics.map(
      (topic) => `read the ticket below and answer with one word, billing or technical, nothing else. ticket: ${topic}`,
    ),
    given: topics.map(() => undefined),
    sameGroups: [],
  });
  assert.equal(new Set(groups).size, topics.length);
});

test('given groups are kept, joined only where they hold the same prompt or the same row', () => {
  const { groups, origin } = assignGroups({
    ids: ['i0', 'i1', 'i2', 'i3', 'i4'],
    prompts: ['a', 'b', 'a', 'c', 'd'],
    given: ['g0', 'g1', 'g2', 'g3', undefined],
    sameGroups: [
      ['g1', 'gone'],
      ['g3', 'gone'],
    ],
  });
  assert.deepEqual([groups, origin], [['g0', 'g1', 'g0', 'g1', 'i4'], 'column']);
});

test('near-equal prompts that given groups put on both sides are counted and warned about', () => {
  const rows = prompts(60).flatMap((text, index): DatasetRow[] =>
    ['x', 'y'].map((copy) => ({
      id: `${index}${copy}`,
      kind: 'sft',
      messages: [
        { role: 'user', content: `${text} and some more words that stay ${copy}` },
        { role: 'assistant', content: 'ok then' },
      ],
      group: `${index}${copy}`,
    })),
  );
  const { report } = splitRows(rows, { seed: 5 });
  assert.ok(report.leaks.nearPairs > 5 && report.leaks.nearPairs <= 24, String(report.leaks.nearPairs));
  assert.equal(report.leaks.exactPairs, 0);
  assert.match(report.warnings.join(' '), /held-out questions are nearly the same/);
  const grouped = rows.map((entry) => ({ ...entry, group: entry.group.slice(0, -1) }));
  const { leaks } = splitRows(grouped, { seed: 5 }).report;
  assert.equal(leaks.nearPairs, 0);
  assert.ok(leaks.nearPairsOfPlainShuffle > 5, 'a plain shuffle would have leaked');
});
