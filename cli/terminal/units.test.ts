import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, counted, dateAndMinute, duration, loss, signed, timeLeft } from './units.ts';

test('durations grow from tenths of a second to hours', () => {
  assert.deepEqual([0.04, 9.94, 9.96, 59.4, 65, 3599, 4320, -1].map(duration), [
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 05 s',
    '59 min 59 s',
    '1 h 12 min',
    '',
  ]);
});

test('time left is spoken, and exact only at the end', () => {
  assert.deepEqual([0.3, 41.2, 130, 3569, 3600, 7500].map(timeLeft), [
    'nearly done',
    '42 s left',
    'about 2 min left',
    'about 59 min left',
    'about 1 h 00 min left',
    'about 2 h 05 min left',
  ]);
});

test('sizes are decimal, gigabytes to one place', () => {
  assert.deepEqual([999, 1500, 144_800_000, 999_600_000, 5_230_000_000].map(bytes), [
    '999 B',
    '2 kB',
    '145 MB',
    '1.0 GB',
    '5.2 GB',
  ]);
});

test('figures carry their sign and no false digits', () => {
  assert.deepEqual(
    [signed(80.84, 1), signed(-0.344, 2), signed(-0.001, 2), loss(2.687), loss(123.4)],
    ['+80.8', '−0.34', '0.00', '2.69', '123'],
  );
});

test('counts and dates are words', () => {
  assert.deepEqual(
    [counted(1, 'row'), counted(0, 'row'), counted(2, 'entry', 'entries')],
    ['1 row', '0 rows', '2 entries'],
  );
  assert.match(dateAndMinute(1_790_000_000_000), /^2026-09-2\d \d\d:\d\d$/);
});
