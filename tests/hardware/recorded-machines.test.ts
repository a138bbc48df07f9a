import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { machine, machineFinding } from '#contract/hardware.ts';
import { chooseProfile } from '#core/hardware/choose-profile.ts';
import { assembleMachine, type MachineReadings } from '#native-bridge/hardware/assemble-machine.ts';

const folder = join(import.meta.dirname, '..', '..', 'native-bridge', 'hardware', 'recorded');

function readRecording(name: string): MachineReadings {
  const recorded = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
    readings: Record<string, unknown>;
  };
  const joined = (reading: unknown): unknown => {
    const { stdout, ...rest } = reading as { stdout?: string[] };
    return stdout === undefined ? rest : { ...rest, stdout: stdout.join('\n') };
  };
  const tools = ['nvidiaQuery', 'nvidiaHead', 'sysctl'].map((key) => [key, joined(recorded.readings[key])]);
  return { ...recorded.readings, ...Object.fromEntries(tools) } as MachineReadings;
}

const find = (name: string) => chooseProfile(machine.parse(assembleMachine(readRecording(name))));

/** name, profile, bf16, a word of the reason, words that the warnings must hold (none: there must be no warning). */
const expected: readonly (readonly [string, string, boolean, RegExp, readonly RegExp[]])[] = [
  ['apple-m1', 'mlx', true, /Apple M1 trains on its GPU/, []],
  ['apple-m1-pro-old-macos', 'cpu', false, /cannot be used/, [/macOS 14 or newer, this is macOS 13\.6/]],
  ['apple-m2-max', 'mlx', true, /Apple M2 Max/, []],
  ['apple-m3-pro', 'mlx', true, /Apple M3 Pro/, []],
  ['apple-m3-ultra', 'mlx', true, /Apple M3 Ultra/, []],
  ['apple-m4', 'mlx', true, /Apple M4/, []],
  ['apple-m4-max-rosetta', 'mlx', true, /Apple Silicon/, [/Rosetta/]],
  ['rtx-3090', 'cuda', true, /RTX 3090 with 24 GB/, []],
  ['rtx-4090', 'cuda', true, /RTX 4090 with 24 GB/, []],
  ['rtx-5090', 'cuda', true, /RTX 5090 with 32 GB.*590\.44/, []],
  [
    'rtx-5090-driver-too-old',
    'cpu',
    true,
    /cannot be used/,
    [/570\.124\.06 serves CUDA 12\.8, 13\.0 is needed: update the driver to 580/],
  ],
  ['a100', 'cuda', true, /A100-SXM4-80GB with 80 GB/, []],
  ['h100', 'cuda', true, /H100 80GB/, []],
  ['h200-container', 'cuda', true, /H200 with 140 GB/, []],
  ['two-cards', 'cuda', true, /RTX 3060/, [/one of the 2 cards.*RTX 3060 \(1\)/]],
  [
    'driver-too-old',
    'cpu',
    true,
    /cannot be used/,
    [/470\.256\.02 serves CUDA 11\.4, 12\.0 is needed: update the driver to 525/],
  ],
  ['cuda-11-8', 'cpu', true, /cannot be used/, [/serves CUDA 11\.8, 12\.0 is needed/]],
  ['wsl', 'cuda', true, /RTX 4080/, []],
  ['t4', 'cuda', false, /Tesla T4/, [/\(turing\) has no bf16/]],
  ['v100', 'cuda', false, /V100/, [/\(volta\) has no bf16/]],
  ['gtx-1080-ti', 'cuda', false, /GTX 1080 Ti/, [/\(pascal\) has no bf16/]],
  ['gtx-970', 'cpu', true, /cannot be used/, [/too old to train on/]],
  ['mx450', 'cpu', true, /cannot be used/, [/2\.0 GB of memory, 4 GB are needed/]],
  ['amd-rx-7900', 'cpu', true, /no graphics card to train on/, [/Radeon RX 7900.*not supported.*processor is used/]],
  ['none', 'cpu', false, /\(4 cores\)/, []],
  ['small', 'cpu', false, /\(2 cores\)/, [/4\.0 GB of memory is little/, /no AVX2/]],
  ['hanging', 'cpu', true, /cannot be used/, [/did not answer within 2 s/]],
  ['garbage', 'cpu', true, /cannot be used/, [/cannot read/]],
  ['no-driver', 'cpu', true, /cannot be used/, [/does not run/]],
  ['library-mismatch', 'cpu', true, /cannot be used/, [/restart the machine/]],
  ['no-devices', 'cpu', true, /cannot be used/, [/finds no card/]],
  ['windows-rtx-4070', 'cuda', true, /RTX 4070 Laptop/, []],
  [
    'readers-failed',
    'cpu',
    false,
    /\(32 cores\)/,
    [/no AVX2/, /not everything could be read: processor, memory, system/],
  ],
];

for (const [name, profile, bf16, reason, warnings] of expected) {
  test(`a recorded machine gets its profile with a reason: ${name}`, () => {
    const finding = machineFinding.parse(find(name));
    assert.deepEqual([finding.profile, finding.device, finding.bf16], [profile, profile, bf16]);
    assert.match(finding.reason, reason);
    for (const warning of warnings) assert.match(finding.warnings.join('; '), warning);
    assert.equal(finding.warnings.length, warnings.length, finding.warnings.join('; '));
    assert.ok(finding.memoryBytes > 0);
    assert.doesNotMatch(finding.summary + finding.reason, /null|undefined|NaN/);
  });
}

test('every recording has its expected finding', () => {
  const recorded = readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
  assert.deepEqual(recorded.toSorted(), expected.map(([name]) => name).toSorted());
});

test('a container is judged by its limits, not by the machine around it', () => {
  const found = assembleMachine(readRecording('h200-container'));
  assert.deepEqual([found.processor.physicalCores, found.memory.totalBytes / 1024 ** 3], [16, 128]);
});

test('a summary names what a person would', () => {
  assert.deepEqual(
    ['apple-m2-max', 'rtx-4090', 'none', 'wsl'].map((name) => find(name).summary),
    [
      'Apple M2 Max, 38 GPU cores, 96 GB',
      'AMD Ryzen 9 7950X 16-Core Processor (16 cores), 64 GB, NVIDIA GeForce RTX 4090 (24 GB)',
      'Intel Core™ i5-8250U (4 cores), 8 GB',
      'AMD Ryzen 9 7950X 16-Core Processor (16 cores), 64 GB, NVIDIA GeForce RTX 4080 (16 GB), in WSL',
    ],
  );
});
