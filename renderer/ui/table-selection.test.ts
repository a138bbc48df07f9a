import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareValues, nextSort, rowAfterChange, rowAfterKey } from './table-selection.ts';

describe('The keyboard in a table', () => {
  const cases = [
    ['ArrowDown', -1, 0],
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', -1, 9],
    ['ArrowUp', 0, 0],
    ['ArrowUp', 3, 2],
    ['PageDown', 0, 4],
    ['PageDown', 8, 9],
    ['PageUp', 2, 0],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['a', 3, null],
  ] as const;
  for (const [key, row, wanted] of cases) {
    it(`goes from row ${row} by ${key} to ${wanted ?? 'nowhere'}`, () => {
      assert.equal(rowAfterKey(key, { row, count: 10, page: 4 }), wanted);
    });
  }

  it('has nowhere to go in an empty table', () => {
    assert.equal(rowAfterKey('ArrowDown', { row: -1, count: 0, page: 4 }), null);
  });

  it('stays with its thing when the rows are sorted anew', () => {
    assert.equal(rowAfterChange('b', 1, ['c', 'a', 'b']), 2);
  });

  it('stays near where it was when its thing is gone', () => {
    assert.equal(rowAfterChange('b', 1, ['a', 'c']), 1);
    assert.equal(rowAfterChange('c', 2, ['a', 'b']), 1);
    assert.equal(rowAfterChange('a', 0, []), -1);
  });
});

describe('Sorting', () => {
  it('goes up, down, and back to the given order', () => {
    const up = nextSort(null, 'name');
    const down = nextSort(up, 'name');
    assert.deepEqual(up, { column: 'name', descending: false });
    assert.deepEqual(down, { column: 'name', descending: true });
    assert.equal(nextSort(down, 'name'), null);
    assert.deepEqual(nextSort(down, 'size'), { column: 'size', descending: false });
  });

  it('puts v10 after v9, umlauts where a reader looks for them, and nothing last', () => {
    const sorted = ['v10', null, 'v9', 'Zebra', 'übersetzung', undefined, 'uhr'].toSorted((a, b) =>
      compareValues(a, b, 'de'),
    );
    assert.deepEqual(sorted.slice(0, 5), ['übersetzung', 'uhr', 'v9', 'v10', 'Zebra']);
  });

  it('compares numbers by size and keeps what is not a number last', () => {
    assert.deepEqual(
      [10, Number.NaN, 9].toSorted((a, b) => compareValues(a, b, 'en')),
      [9, 10, Number.NaN],
    );
  });
});
