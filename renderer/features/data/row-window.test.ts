import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowWindow, scrollToShow, tallestPx } from './row-window.ts';

const list = { rows: 1_000, rowHeightPx: 28, viewportPx: 560, scrollTopPx: 0 };

test('only what is seen and a little more is drawn', () => {
  const seen = rowWindow({ ...list, scrollTopPx: 2_800 });
  assert.deepEqual(seen, { first: 92, end: 129, heightPx: 28_000, topPx: 2_576 });
});

test('ten million rows reach both ends of a list no browser would refuse', () => {
  const many = { ...list, rows: 10_000_000 };
  assert.equal(rowWindow(many).heightPx, tallestPx);
  assert.equal(rowWindow(many).first, 0);
  const end = rowWindow({ ...many, scrollTopPx: tallestPx - many.viewportPx });
  assert.equal(end.end, 10_000_000);
  // The last row ends where the viewport does.
  assert.ok(Math.abs(end.topPx + (end.end - end.first) * 28 - tallestPx) < 1);
});

test('a row out of sight is brought to the nearer edge, one in sight moves nothing', () => {
  assert.equal(scrollToShow(5, { ...list, scrollTopPx: 0 }, 28), 0);
  assert.equal(scrollToShow(30, { ...list, scrollTopPx: 0 }, 28), 31 * 28 - 532);
  assert.equal(scrollToShow(3, { ...list, scrollTopPx: 2_800 }, 28), 84);
});

test('going to any of ten million rows shows it', () => {
  const many = { ...list, rows: 10_000_000 };
  for (const row of [0, 1, 4_999_999, 9_999_998, 9_999_999]) {
    const scrollTopPx = scrollToShow(row, many, 28);
    const seen = rowWindow({ ...many, scrollTopPx });
    const y = seen.topPx + (row - seen.first) * 28 - scrollTopPx;
    assert.ok(row >= seen.first && row < seen.end && y > -1 && y + 28 <= 533, `row ${row} at ${y}`);
  }
});
