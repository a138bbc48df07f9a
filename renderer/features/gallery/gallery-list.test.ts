import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entriesOf, groupsOf } from './gallery-list.ts';

const entry = (id: string, title = id) => ({ id, title, render: () => null });

describe('The gallery', () => {
  it('gathers the lists of all features in the order of their ids, and leaves out what is no list of entries', () => {
    const entries = entriesOf([
      { runsGallery: [entry('runs/one'), entry('runs/empty')] },
      { kit: [entry('kit/a')], helper: () => null, numbers: [1] },
    ]);
    assert.deepEqual(
      entries.map(({ id }) => id),
      ['kit/a', 'runs/empty', 'runs/one'],
    );
  });

  it('keeps the first of two entries with one id', (context) => {
    const warn = context.mock.method(console, 'warn', () => undefined);
    const entries = entriesOf([{ a: [entry('x/a', 'first')] }, { b: [entry('x/a', 'second')] }]);
    assert.deepEqual(
      entries.map(({ title }) => title),
      ['first'],
    );
    assert.equal(warn.mock.callCount(), 1);
  });

  it('finds by all words, in ids and titles, and groups by feature', () => {
    const entries = [entry('runs/empty', 'None yet'), entry('runs/one', 'One run'), entry('models/empty', 'None yet')];
    assert.deepEqual(
      groupsOf(entries, 'none RUNS').map(({ name, entries: found }) => [name, found.length]),
      [['runs', 1]],
    );
    assert.equal(groupsOf(entries, '').length, 2);
    assert.deepEqual(groupsOf(entries, 'nothing like it'), []);
  });
});
