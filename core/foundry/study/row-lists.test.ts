import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRowCounter } from './row-links.ts';
import { createRowLists } from './row-lists.ts';

test('every row behind a figure is listed, however many there are, and only figures that are told get a number', () => {
  const lists = createRowLists();
  const [even, none, every] = [createRowCounter(lists), createRowCounter(lists), createRowCounter(lists)];
  for (let place = 0; place < 1_000; place += 1) {
    lists.place = place;
    every.add(`r${place}`);
    if (place % 2 === 0) even.add(`r${place}`);
  }
  assert.deepEqual(none.link(), { count: 0, ids: [] });
  const link = every.link();
  assert.deepEqual([link.count, link.ids.length, link.lists], [1_000, 100, [0]]);
  assert.deepEqual(every.link().lists, [0], 'told twice it is the same list');
  assert.deepEqual(even.link().lists, [1]);
  const [all, evens] = lists.all();
  assert.equal(all?.length, 1_000);
  assert.deepEqual([...(evens ?? [])].slice(-2), [996, 998]);
});

test('lists hold so many places in all and no more; counting goes on', () => {
  const lists = createRowLists(10);
  const counter = createRowCounter(lists);
  for (let place = 0; place < 50; place += 1) {
    lists.place = place;
    counter.add('r');
  }
  assert.equal(counter.link().count, 50);
  assert.equal(lists.all()[0]?.length, 10);
});
