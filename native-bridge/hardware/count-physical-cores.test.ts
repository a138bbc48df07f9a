import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { countPhysicalCores, parseProcessorCores } from './count-physical-cores.ts';

const processor = (number: number, socket: number, core: number): string =>
  `processor\t: ${number}\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n`;

test('two threads of a core count once, equal core ids of two sockets twice', () => {
  const text = [processor(0, 0, 0), processor(1, 0, 1), processor(2, 0, 0), processor(3, 1, 0)].join('\n');
  assert.equal(parseProcessorCores(text), 3);
});

test('a file without core ids tells nothing', () => {
  assert.equal(parseProcessorCores('processor : 0\nmodel name : ARM\n'), null);
});

test('this machine has at least one core and no more than it may use', () => {
  const cores = countPhysicalCores();
  assert.ok(cores >= 1 && cores <= availableParallelism(), String(cores));
});
