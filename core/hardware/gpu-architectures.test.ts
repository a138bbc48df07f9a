import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appleMemoryBandwidth, bandwidthClass, describeCapability, findKnownCard } from './gpu-architectures.ts';

test('a compute capability tells the generation and what it can', () => {
  const described = [3.5, 5.2, 6.1, 7, 7.5, 8, 8.6, 8.9, 9, 10, 12].map((capability) => {
    const { generation, bfloat16, flashAttention, fp8 } = describeCapability(capability);
    return [generation, bfloat16, flashAttention, fp8].join(' ');
  });
  assert.deepEqual(described, [
    'older false false false',
    'maxwell false false false',
    'pascal false false false',
    'volta false false false',
    'turing false false false',
    'ampere true true false',
    'ampere true true false',
    'ada true true true',
    'hopper true true true',
    'blackwell true true true',
    'blackwell true true true',
  ]);
});

test('a card is known by its name, the more specific first', () => {
  const bandwidth = (name: string) => findKnownCard(name)?.bandwidth ?? null;
  assert.deepEqual(
    [
      'NVIDIA A100-SXM4-80GB',
      'NVIDIA A100-PCIE-40GB',
      'NVIDIA H100 PCIe',
      'NVIDIA H100 80GB HBM3',
      'NVIDIA GeForce RTX 5070 Ti',
      'NVIDIA L40S',
      'NVIDIA L4',
      'Matrox',
    ].map(bandwidth),
    [2039, 1555, 2000, 3350, 896, 864, 300, null],
  );
});

test('memory bandwidth has a word, and an unknown chip has none made up', () => {
  assert.deepEqual([null, 68, 273, 936, 4800].map(bandwidthClass), ['unknown', 'low', 'medium', 'high', 'very high']);
  assert.deepEqual(
    [appleMemoryBandwidth(3, 'Max'), appleMemoryBandwidth(9, 'base'), appleMemoryBandwidth(null, 'base')],
    [300, null, null],
  );
});
