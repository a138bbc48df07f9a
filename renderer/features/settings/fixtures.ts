import type { EnvironmentStatus } from '#contract/environments.ts';
import type { Machine, MachineFinding } from '#contract/hardware.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { DiskPart, SettingView } from '#contract/settings.ts';
import { noActs } from './acts.ts';
import type { MachineData } from './machine-store.ts';
import type { SettingsData } from './settings-store.ts';
import type { StorageData } from './storage-store.ts';

/** A little while ago, so that the ages in pictures stay what they are. */
export const moment = Date.now() - 100_000;

export const failure: ForgeErrorData = {
  code: 'settings.not-usable',
  message: 'The setting server.port cannot be 70000: it is above 65535.',
  remedy: 'Give it a value that fits.',
  retryable: false,
  exitCode: 2,
  detail: {},
  correlationId: null,
};

export const away: ForgeErrorData = {
  ...failure,
  code: 'window.call-failed',
  message: 'The engine does not answer.',
  remedy: 'Try again.',
};

export function machineOf(part: Partial<Machine> = {}): Machine {
  return {
    detectedAt: moment,
    platform: 'linux',
    architecture: 'x64',
    system: 'Debian GNU/Linux 12',
    isWsl: false,
    processor: { name: 'AMD Ryzen 7 7840U', physicalCores: 8, logicalCores: 16, bfloat16: true, avx2: true },
    memory: { totalBytes: 32e9, availableBytes: 21e9 },
    disk: { path: '/home/mia/.forge', freeBytes: 214e9 },
    apple: null,
    nvidia: { state: 'absent', problem: null, driverVersion: null, cudaVersion: null, cards: [] },
    otherGraphics: [],
    missing: [],
    ...part,
  };
}

export function findingOf(part: Partial<MachineFinding> = {}): MachineFinding {
  return {
    profile: 'cpu',
    device: 'cpu',
    reason: 'there is no graphics card that can train',
    warnings: [],
    summary: 'AMD Ryzen 7 7840U, 8 cores, 32 GB memory',
    physicalCores: 8,
    memoryBytes: 19e9,
    bf16: true,
    bandwidth: null,
    card: null,
    cuda: null,
    ...part,
  };
}

export function environmentOf(part: Partial<EnvironmentStatus> = {}): EnvironmentStatus {
  return {
    profile: 'cpu',
    reason: 'Trains on the processor; every machine can.',
    state: 'ready',
    directory: '/home/mia/.forge/envs/cpu-1a2b',
    lockDigest: '1a2b',
    stages: [],
    uv: { path: '/home/mia/.forge/tools/uv', version: '0.9.2', origin: 'own' },
    python: { path: '/usr/bin/python3', version: '3.12.4' },
    torchBuild: 'cpu',
    device: { kind: 'cpu', name: 'AMD Ryzen 7 7840U', bfloat16: true },
    versions: { torch: '2.9.0', transformers: '5.1.0', peft: '0.19.0' },
    training: null,
    sizeBytes: 1_420_000_000,
    estimate: { downloadBytes: 640_000_000, diskBytes: 1_500_000_000 },
    ...part,
  };
}

export const absentCuda = environmentOf({
  profile: 'cuda',
  reason: 'Needs an NVIDIA card, which this machine does not have.',
  state: 'absent',
  uv: null,
  python: null,
  torchBuild: null,
  device: null,
  versions: {},
  sizeBytes: null,
  estimate: { downloadBytes: 3_100_000_000, diskBytes: 6_400_000_000 },
});

export const status = {
  protocol: 2,
  version: '0.4.0',
  pid: 4242,
  home: '/home/mia/.forge',
  startedAt: moment,
  memoryBytes: 131_000_000,
};

export function machineDataOf(part: Partial<MachineData> = {}): MachineData {
  return {
    ...noActs,
    detected: { machine: machineOf(), finding: findingOf() },
    environments: [environmentOf(), absentCuda],
    ollama: { state: 'absent', host: 'http://127.0.0.1:11434', reason: 'nothing listens' },
    status,
    progress: new Map(),
    leaving: new Set(),
    ...part,
  };
}

type PartFacts = Pick<DiskPart, 'bytes' | 'deletion'> & Partial<Pick<DiskPart, 'deletableBytes' | 'freeableBytes'>>;
const part = (
  id: string,
  { bytes, deletion, freeableBytes = bytes, deletableBytes = freeableBytes }: PartFacts,
): DiskPart => ({
  id,
  label: id,
  path: `/home/mia/.forge/${id}`,
  bytes,
  about: `What ${id} is.`,
  deletion,
  deletableBytes: deletion === 'kept' ? 0 : deletableBytes,
  freeableBytes: deletion === 'kept' ? 0 : freeableBytes,
});

export const diskParts: readonly DiskPart[] = [
  part('base-models', { bytes: 2_900_000_000, deletion: 'costly', freeableBytes: 2_600_000_000 }),
  part('environments', { bytes: 1_420_000_000, deletion: 'costly', freeableBytes: 0 }),
  part('models', { bytes: 640_000_000, deletion: 'kept' }),
  part('checkpoints', { bytes: 4_800_000_000, deletion: 'safe', freeableBytes: 3_900_000_000 }),
  part('runs', { bytes: 61_000_000, deletion: 'kept' }),
  part('datasets', { bytes: 12_000_000, deletion: 'kept' }),
  part('uploads', { bytes: 58_000_000, deletion: 'costly', deletableBytes: 58_000_000, freeableBytes: 58_000_000 }),
  part('comparisons', { bytes: 2_400_000, deletion: 'kept' }),
  part('caches', { bytes: 0, deletion: 'safe' }),
  part('logs', { bytes: 8_100_000, deletion: 'safe', freeableBytes: 5_000_000 }),
];

export function storageOf(change: Partial<StorageData> = {}): StorageData {
  return {
    ...noActs,
    usage: { home: '/home/mia/.forge', freeBytes: 214e9, totalBytes: 512e9, parts: diskParts },
    freedBytes: new Map(),
    ...change,
  };
}

export function settingOf(change: Partial<SettingView> = {}): SettingView {
  return {
    key: 'server.port',
    type: 'number',
    value: 18_793,
    default: 18_793,
    origin: 'default',
    about: 'Port of the model server. Tools that use your model need the same number.',
    needsRestart: true,
    ...change,
  };
}

export const settings: readonly SettingView[] = [
  settingOf({
    key: 'server.host',
    type: 'text',
    value: '127.0.0.1',
    default: '127.0.0.1',
    about: 'Address the model server listens on.',
  }),
  settingOf({ value: 18_800, origin: 'file' }),
  settingOf({
    key: 'server.start_with_engine',
    type: 'switch',
    value: true,
    default: false,
    origin: 'file',
    needsRestart: false,
    about: 'Start the model server as soon as Forge runs.',
  }),
  settingOf({ key: 'ollama.host', type: 'text', value: '', default: '', about: 'Address of your Ollama.' }),
  settingOf({
    key: 'network.offline',
    type: 'switch',
    value: false,
    default: false,
    origin: 'environment',
    needsRestart: false,
    about: 'Never leave this machine.',
  }),
  settingOf({
    key: 'appearance.theme',
    type: 'text',
    value: 'system',
    default: 'system',
    choices: ['system', 'dark', 'light', 'contrast'],
    needsRestart: false,
    about: 'Colours of the window.',
  }),
];

export function settingsOf(change: Partial<SettingsData> = {}): SettingsData {
  return { ...noActs, settings, waitsForRestart: new Set(), ...change };
}
