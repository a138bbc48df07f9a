import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bugReport } from './bug-report.ts';
import { sentence } from '../../words/sentence.ts';
import { doctorFindings } from './doctor.ts';
import { environmentOf, failure, findingOf, machineDataOf, machineOf, status } from './fixtures.ts';

const stopped = {
  state: 'stopped' as const,
  running: false,
  url: null,
  host: '127.0.0.1',
  port: 1,
  failure: null,
  models: [],
  families: [],
  servers: [],
  answering: 0,
  requests: { total: 0, perMinute: [] },
  keyRequired: false,
};

test('a machine in order has only fine findings, and no remedy', () => {
  const findings = doctorFindings(machineDataOf(), stopped);
  assert.ok(findings.every(({ state, to }) => state === 'fine' && to === null));
  assert.deepEqual(
    new Set(findings.map(({ id }) => id)),
    new Set(['engine', 'machine', 'disk', 'python', 'server', 'ollama']),
  );
});

test('what is in the way comes first, with the place of its remedy', () => {
  const detected = {
    machine: machineOf({ disk: { path: '/', freeBytes: 1e9 } }),
    finding: findingOf({ warnings: ['slow'], memoryBytes: 1e9 }),
  };
  const environments = [environmentOf({ state: 'absent' })];
  const findings = doctorFindings(machineDataOf({ detected, environments }), { ...stopped, state: 'failed', failure });
  assert.deepEqual(
    findings.slice(0, 5).map(({ id, state, to }) => [id, state, to]),
    [
      ['disk', 'problem', '/settings/storage'],
      ['server', 'problem', '/server'],
      ['warning', 'warning', null],
      ['memory', 'warning', null],
      ['python', 'warning', '/settings/environments'],
    ],
  );
});

test('the disk is judged as by forge doctor: 8 GB comfortable, 2 GB needed', () => {
  const word = (freeBytes: number) =>
    doctorFindings(
      machineDataOf({ detected: { machine: machineOf({ disk: { path: '/', freeBytes } }), finding: findingOf() } }),
      null,
    ).find(({ id }) => id === 'disk')?.word;
  assert.deepEqual([8e9, 8e9 - 1, 2e9, 2e9 - 1].map(word), ['diskFine', 'diskLow', 'diskLow', 'diskFull']);
});

test('nothing is said about what has not been read', () => {
  const nothing = machineDataOf({ detected: null, environments: null, ollama: null, status: null });
  assert.deepEqual(doctorFindings(nothing, null), []);
});

test('a machine without any profile is a problem', () => {
  const [first] = doctorFindings(machineDataOf({ environments: [] }), null);
  assert.equal(first?.word, 'pythonNone');
});

test('a bug report names versions and machine, and neither folder nor file', () => {
  const report = bugReport({
    status,
    window: 'browser page, linux',
    finding: findingOf(),
    environments: [environmentOf()],
    now: status.startedAt + 61_000,
  });
  assert.match(report, /Forge 0\.4\.0, protocol 2/);
  assert.match(report, /up 61 s, 131 MB/);
  assert.match(report, /environment cpu: ready, Python 3\.12\.4, cpu, torch 2\.9\.0/);
  assert.doesNotMatch(report, /mia|\.forge|\/usr/);
});

test('a clause of the engine stands alone as a sentence', () => {
  assert.deepEqual(['the driver hangs', 'Done.', ''].map(sentence), ['The driver hangs.', 'Done.', '.']);
});
