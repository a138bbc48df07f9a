import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReservedDatasetName } from './dataset-names.ts';
import { datasetName } from './dataset-versions.ts';

test('a name of a dataset is the name of a folder on every system, and leads nowhere else', () => {
  for (const name of ['tickets', '2026', 'a', 'tickets-2026_03.v1', 'a'.repeat(64)])
    assert.ok(datasetName.safeParse(name).success && !isReservedDatasetName(name), name);
  const wrong = [
    '',
    '.',
    '..',
    '../up',
    'a/b',
    'a\\b',
    '/etc',
    'C:x',
    'a b',
    'Tickets',
    'größe',
    '数据',
    '🙂',
    '\u202Egpj',
  ];
  for (const name of [...wrong, 'a'.repeat(65), 'a'.repeat(200), 'a\n', 'a\0', '-a', '.a', 'a:v2', 'CON'])
    assert.ok(!datasetName.safeParse(name).success, JSON.stringify(name));
});

test('folders of Forge’s own, devices of Windows and a dot at the end are no datasets', () => {
  for (const name of [
    'uploads',
    'hub',
    'joined',
    'kept',
    'documents',
    'con',
    'nul',
    'aux.rows',
    'com1',
    'lpt9.v2',
    'rows.',
  ])
    assert.ok(isReservedDatasetName(name), name);
  for (const name of ['console', 'com10', 'hub2', 'my-uploads', 'nulls', 'con-rows'])
    assert.ok(!isReservedDatasetName(name), name);
});
