import assert from 'node:assert/strict';
import { test } from 'node:test';
import { palette } from './colour.ts';
import { pairs, table } from './table.ts';

const columns = [{ title: 'run' }, { title: 'name', flexible: true }, { title: 'step', align: 'right' as const }];
const rows = [
  ['train-1', 'a name that is rather long', '84'],
  ['train-12', '日本語', '7'],
];

test('columns align, figures to the right', () => {
  assert.deepEqual(table(columns, rows, { width: 80, palette: palette('none') }), [
    'run       name                        step',
    'train-1   a name that is rather long    84',
    'train-12  日本語                         7',
  ]);
});

test('on a narrow terminal the flexible column gives way', () => {
  assert.deepEqual(table(columns, rows, { width: 30, palette: palette('none') }), [
    'run       name            step',
    'train-1   a name that i…    84',
    'train-12  日本語             7',
  ]);
});

test('pairs align their values', () => {
  assert.deepEqual(
    pairs(
      [
        ['run', 'a'],
        ['what to do', 'b'],
      ],
      { palette: palette('none') },
    ),
    ['run         a', 'what to do  b'],
  );
});
