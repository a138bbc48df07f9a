import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDiffColumns, idAt, sideAt, sourceKeyOf, type DiffColumns, type DiffRow } from './diff-columns.ts';
import { diffVersions, type RowChangeKind, type VersionDiff } from './diff-versions.ts';

type Side = DiffRow['side'];

function row(id: string, sourceKey: string | null = null, side: Side = 'train'): DiffRow {
  return { id, sourceKey, side };
}

function columnsOf(rows: readonly DiffRow[]): DiffColumns {
  const columns = createDiffColumns(rows.length);
  for (const one of rows) columns.add(one);
  return columns.finish();
}

function diffOf(before: DiffColumns, after: DiffColumns): VersionDiff {
  const steps = diffVersions(before, after);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const kinds = ['added', 'removed', 'changed', 'moved'] as const;

/** `changed b>z`, `moved c>c train>test`; `-` where there is none. */
function told(before: readonly DiffRow[], after: readonly DiffRow[]): string[] {
  const [one, other] = [columnsOf(before), columnsOf(after)];
  const diff = diffOf(one, other);
  return kinds.flatMap((kind: RowChangeKind) =>
    [...diff.changes(kind)].map((change) => {
      const [from, to] = [
        change.before < 0 ? '-' : idAt(one, change.before),
        change.after < 0 ? '-' : idAt(other, change.after),
      ];
      const sides = kind === 'moved' ? ` ${sideAt(one, change.before)}>${sideAt(other, change.after)}` : '';
      return `${kind} ${from}>${to}${sides}`;
    }),
  );
}

test('rows are added, removed, changed at their source, or moved between sides', () => {
  const before = [row('a'), row('b', 'f#1'), row('c', 'f#2'), row('d', 'f#3', 'test'), row('e')];
  const after = [row('z', 'f#1'), row('a'), row('c', 'f#2', 'validation'), row('d', 'f#3', 'test'), row('y')];
  assert.deepEqual(told(before, after), ['added ->y', 'removed e>-', 'changed b>z', 'moved c>c train>validation']);
  assert.deepEqual(diffOf(columnsOf(before), columnsOf(after)).counts, {
    ...{ same: 2, added: 1, removed: 1, changed: 1, moved: 1 },
  });
});

test('a row of the source that became two is one changed and one added, and the other way round', () => {
  const [one, two] = [[row('a', 's')], [row('b', 's'), row('c', 's')]];
  assert.deepEqual(told(one, two), ['added ->c', 'changed a>b']);
  assert.deepEqual(told(two, one), ['removed c>-', 'changed b>a']);
});

test('the same content at another place of the source is no change', () => {
  assert.deepEqual(told([row('a', 'old')], [row('a', 'new')]), []);
});

test('a row without a side that gets one was moved to it', () => {
  assert.deepEqual(told([row('a', null, null)], [row('a', null, 'test')]), ['moved a>a null>test']);
});

test('an empty version is all added or all removed, and of two empty ones nothing is told', () => {
  assert.deepEqual(told([], [row('a')]), ['added ->a']);
  assert.deepEqual(told([row('a')], []), ['removed a>-']);
  assert.deepEqual(told([], []), []);
});

test('ids of any form come out as they went in', () => {
  const ids = ['0123456789abcdef0123456789abcdef', 'ffffffff00000000ffffffff00000000', 'Zeile 7', '東京'];
  const columns = columnsOf(ids.map((id) => row(id)));
  assert.deepEqual(
    ids.map((_, place) => idAt(columns, place)),
    ids,
  );
});

test('a version with more rows than it says is refused', () => {
  const columns = createDiffColumns(1);
  columns.add(row('a'));
  assert.throws(() => columns.add(row('b')), RangeError);
});

test('an id of the source says which row it is whatever the file is called, a line only within its file', () => {
  const source = (more: object): Parameters<typeof sourceKeyOf>[0] => ({
    source: { type: 'file', uri: 'march.csv', ...more },
  });
  assert.equal(sourceKeyOf(source({ id: '7', line: 3 }), true), '#7');
  assert.equal(sourceKeyOf(source({ id: '7', line: 3 }), false), 'march.csv#7');
  assert.equal(sourceKeyOf(source({ line: 3, byte_offset: 90 }), true), 'march.csv@3');
  assert.equal(sourceKeyOf(source({}), true), null);
});

test('the changes turn one version into the other (property)', () => {
  const version = fc.uniqueArray(
    fc.record({
      id: fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 3 }),
      sourceKey: fc.option(fc.constantFrom('s1', 's2', 's3')),
      side: fc.constantFrom<Side>('train', 'test', null),
    }),
    { selector: ({ id }) => id, maxLength: 20 },
  );
  fc.assert(
    fc.property(version, version, (before, after) => {
      const diff = diffOf(columnsOf(before), columnsOf(after));
      const ids = new Set(before.map(({ id }) => id));
      for (const { before: gone } of diff.changes('removed')) assert.ok(ids.delete(before[gone]?.id ?? ''));
      for (const { before: gone } of diff.changes('changed')) assert.ok(ids.delete(before[gone]?.id ?? ''));
      for (const kind of ['added', 'changed'] as const)
        for (const { after: come } of diff.changes(kind)) ids.add(after[come]?.id ?? '');
      assert.deepEqual(new Set(ids), new Set(after.map(({ id }) => id)));
      const { same, added, removed, changed, moved } = diff.counts;
      assert.equal(same + moved + changed + removed, before.length);
      assert.equal(same + moved + changed + added, after.length);
    }),
    { numRuns: 300, seed: 9 },
  );
});
