import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffVersions, type DiffRow, type OpenDiffRows, type VersionChange } from './diff-versions.ts';

function row(id: string, sourceKey: string | null = null, side: string | null = 'train'): DiffRow {
  return { id, sourceKey, side };
}

function versionOf(rows: readonly DiffRow[], batch = 2): OpenDiffRows {
  const sorted = rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return async function* () {
    for (let start = 0; start < sorted.length; start += batch) yield sorted.slice(start, start + batch);
  };
}

async function allOf(changes: AsyncIterable<VersionChange>): Promise<VersionChange[]> {
  const all: VersionChange[] = [];
  for await (const change of changes) all.push(change);
  return all;
}

async function changesOf(before: readonly DiffRow[], after: readonly DiffRow[]): Promise<VersionChange[]> {
  const changes = await allOf(diffVersions(versionOf(before), versionOf(after, 3)));
  return changes.toSorted((one, other) => `${one.kind} ${one.id}`.localeCompare(`${other.kind} ${other.id}`));
}

test('rows are added, removed, changed at their source, or moved between sides', async () => {
  const before = [row('a'), row('b', 'f#1'), row('c', 'f#2'), row('d', 'f#3', 'test'), row('e')];
  const after = [row('a'), row('z', 'f#1'), row('c', 'f#2', 'validation'), row('d', 'f#3', 'test'), row('y')];
  assert.deepEqual(await changesOf(before, after), [
    { kind: 'added', id: 'y' },
    { kind: 'changed', id: 'z', earlierId: 'b', sourceKey: 'f#1' },
    { kind: 'moved', id: 'c', from: 'train', to: 'validation' },
    { kind: 'removed', id: 'e' },
  ]);
});

test('a row of the source that became two is one changed and one added, and the other way round', async () => {
  const [one, two] = [[row('a', 's')], [row('b', 's'), row('c', 's')]];
  assert.deepEqual(
    (await changesOf(one, two)).map(({ kind, id }) => [kind, id]),
    [
      ['added', 'c'],
      ['changed', 'b'],
    ],
  );
  assert.deepEqual(
    (await changesOf(two, one)).map(({ kind, id }) => [kind, id]),
    [
      ['changed', 'a'],
      ['removed', 'c'],
    ],
  );
});

test('the same content at another place of the source is no change', async () => {
  assert.deepEqual(await changesOf([row('a', 'old')], [row('a', 'new')]), []);
});

test('an empty version is all added or all removed', async () => {
  assert.deepEqual(await changesOf([], [row('a')]), [{ kind: 'added', id: 'a' }]);
  assert.deepEqual(await changesOf([row('a')], []), [{ kind: 'removed', id: 'a' }]);
  assert.deepEqual(await changesOf([], []), []);
});

test('a stream out of order is refused', async () => {
  const wrong: OpenDiffRows = async function* () {
    yield [row('b'), row('a')];
  };
  await assert.rejects(allOf(diffVersions(wrong, versionOf([]))), RangeError);
});

test('the changes turn one version into the other (property)', async () => {
  const version = fc.uniqueArray(
    fc.record({
      id: fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 3 }),
      sourceKey: fc.option(fc.constantFrom('s1', 's2', 's3')),
      side: fc.constantFrom('train', 'test'),
    }),
    { selector: ({ id }) => id, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(version, version, async (before, after) => {
      const sides = new Map<string, string | null>(before.map(({ id, side }) => [id, side]));
      for (const change of await changesOf(before, after)) {
        if (change.kind === 'removed') assert.ok(sides.delete(change.id));
        else if (change.kind === 'changed') assert.ok(sides.delete(change.earlierId));
        else if (change.kind === 'moved') sides.set(change.id, change.to);
        if (change.kind === 'added' || change.kind === 'changed') {
          sides.set(change.id, after.find(({ id }) => id === change.id)?.side ?? null);
        }
      }
      assert.deepEqual(
        new Map([...sides].toSorted()),
        new Map(after.map(({ id, side }) => [id, side] as const).toSorted()),
      );
    }),
    { numRuns: 300, seed: 9 },
  );
});
