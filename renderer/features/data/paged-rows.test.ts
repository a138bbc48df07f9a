import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noRows, pagesMissing, rowAt, withPage, type PagedRows } from './paged-rows.ts';

const page = (from: number) => Array.from({ length: 100 }, (_, index) => from + index);

test('what is on a page that came is there, what is not is asked for', () => {
  const rows: PagedRows<number> = withPage(noRows, 3, { total: 1_000, rows: page(300) });
  assert.equal(rowAt(rows, 342), 342);
  assert.equal(rowAt(rows, 299), undefined);
  assert.deepEqual(pagesMissing(rows, 250, 420), [2, 4]);
  assert.deepEqual(pagesMissing(rows, 300, 400), []);
});

test('nothing behind the last row is asked for', () => {
  const rows: PagedRows<number> = withPage(noRows, 0, { total: 40, rows: page(0).slice(0, 40) });
  assert.deepEqual(pagesMissing(rows, 0, 300), []);
});

test('of a million rows only the pages seen last are kept', () => {
  let rows: PagedRows<number> = noRows;
  for (let at = 0; at < 200; at += 1) rows = withPage(rows, at, { total: 1_000_000, rows: page(at * 100) });
  assert.equal(rows.pages.size, 40);
  assert.equal(rowAt(rows, 19_999), 19_999);
  assert.equal(rowAt(rows, 0), undefined);
});
