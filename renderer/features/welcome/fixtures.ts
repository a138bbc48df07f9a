import type { Machine, MachineFinding } from '#contract/hardware.ts';
import type { EnvironmentStatus } from '#contract/environments.ts';

export const machine: Machine = {
  detectedAt: 0,
  platform: 'linux',
  architecture: 'x64',
  system: 'Debian GNU/Linux 12',
  isWsl: false,
  processor: { name: 'AMD Ryzen 7 7840U', physicalCores: 8, logicalCores: 16, bfloat16: true, avx2: true },
  memory: { totalBytes: 3.2e10, availableBytes: 2.1e10 },
  disk: { path: '/home/ada', freeBytes: 2.4e11 },
  apple: null,
  nvidia: { state: 'absent', problem: null, driverVersion: null, cudaVersion: null, cards: [] },
  otherGraphics: ['AMD Radeon 780M'],
  missing: [],
};

export const finding: MachineFinding = {
  profile: 'cpu',
  device: 'cpu',
  reason: 'there is no graphics card Forge trains on',
  warnings: ['The AMD Radeon 780M is not used: Forge trains on NVIDIA and Apple graphics, and on every processor.'],
  summary: 'AMD Ryzen 7 7840U, 8 cores, 32 GB',
  physicalCores: 8,
  memoryBytes: 2.1e10,
  bf16: true,
  bandwidth: null,
  card: null,
  cuda: null,
};

export const environment: EnvironmentStatus = {
  profile: 'cpu',
  reason: 'there is no graphics card Forge trains on',
  state: 'absent',
  directory: '/home/ada/.forge/envs/cpu-1234',
  lockDigest: '1234',
  stages: [],
  uv: null,
  python: null,
  torchBuild: null,
  device: null,
  versions: {},
  training: null,
  sizeBytes: null,
  estimate: { downloadBytes: 2.6e8, diskBytes: 9.4e8 },
};
