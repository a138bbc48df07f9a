import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { machine } from '#contract/hardware.ts';
import { runTool } from '../processes/run-tool.ts';
import { createHardware } from './create-hardware.ts';

const home = await mkdtemp(join(tmpdir(), 'forge-hardware-'));
after(() => rm(home, { recursive: true, force: true }));

const answers = {
  processor: { manufacturer: 'AMD', brand: 'Ryzen', physicalCores: 1, cores: 1, flags: 'avx2' },
  memory: { total: 8e9, available: 4e9 },
  system: { platform: 'linux', distro: 'Debian', release: '12', kernel: '6' },
  graphics: { controllers: [] },
};
const readSystem = () => ({
  processor: Promise.resolve(answers.processor),
  memory: Promise.resolve(answers.memory),
  system: Promise.resolve(answers.system),
  graphics: Promise.resolve(answers.graphics),
});
const absent: typeof runTool = async (command) => {
  throw new ForgeError('tool.not-found', { command });
};

test('this machine is read within 2.5 s', async () => {
  const started = performance.now();
  const found = machine.parse(await createHardware({ home }).detect());
  assert.ok(performance.now() - started < 2500);
  assert.equal(found.platform, process.platform);
  assert.ok(found.memory.totalBytes > 1e8 && found.disk.freeBytes > 0);
  assert.deepEqual(found.missing, []);
});

test('a tool that cannot even be killed is not waited for', async () => {
  const hanging: typeof runTool = () => new Promise(() => undefined);
  const started = performance.now();
  const found = await createHardware({ home, run: hanging, platform: 'linux', readSystem }).detect();
  assert.ok(performance.now() - started < 2500);
  assert.equal(found.nvidia.state, 'hanging');
});

test('a real tool that hangs is ended', async () => {
  const slow: typeof runTool = (_command, _args, options) => runTool('sleep', ['60'], options);
  const started = performance.now();
  const found = await createHardware({ home, run: slow, platform: 'linux', readSystem, readerTimeoutMs: 200 }).detect();
  assert.ok(performance.now() - started < 2500);
  assert.equal(found.nvidia.state, 'hanging');
});

test('a reader that hangs or fails is named, the others count', async () => {
  const broken = () => ({
    ...readSystem(),
    memory: new Promise<unknown>(() => undefined),
    graphics: Promise.reject(new Error('no')),
  });
  const found = await createHardware({
    home,
    run: absent,
    platform: 'linux',
    readSystem: broken,
    readerTimeoutMs: 100,
  }).detect();
  assert.deepEqual([found.missing, found.processor.name], [['memory', 'graphics'], 'AMD Ryzen']);
  assert.ok(found.memory.totalBytes > 0, 'the runtime knows the memory as well');
});

test('an old driver that does not know a column is asked again without it', async () => {
  const asked: string[] = [];
  const old: typeof runTool = async (_command, args) => {
    asked.push(args.join(' '));
    const query = args[0] ?? '';
    if (query.includes('compute_cap'))
      return { exitCode: 2, stdout: '', stderr: 'Field "compute_cap" is not a valid field to query.' };
    if (query === '')
      return { exitCode: 0, stdout: '| Driver Version: 470.256.02   CUDA Version: 11.4     |', stderr: '' };
    return { exitCode: 0, stdout: '0, NVIDIA GeForce RTX 3060, 12053, 11800, 470.256.02\n', stderr: '' };
  };
  const { nvidia } = await createHardware({ home, run: old, platform: 'linux', readSystem }).detect();
  assert.deepEqual(
    [asked.length, nvidia.state, nvidia.driverVersion, nvidia.cudaVersion, nvidia.cards[0]?.computeCapability],
    [3, 'answered', '470.256.02', '11.4', null],
  );
});

test('an answer is kept for 30 s, and asked again when that is wanted or the clock went back', async () => {
  let nowMs = 1_000_000;
  let reads = 0;
  const counting = () => {
    reads += 1;
    return readSystem();
  };
  const hardware = createHardware({ home, run: absent, nowMs: () => nowMs, readSystem: counting });
  const readsAfter = async (move: number, fresh = false): Promise<number> => {
    nowMs += move;
    await hardware.detect({ fresh });
    return reads;
  };
  assert.deepEqual(
    [
      await readsAfter(0),
      await readsAfter(29_000),
      await readsAfter(1_000),
      await readsAfter(0, true),
      await readsAfter(-60_000),
    ],
    [1, 1, 2, 3, 4],
  );
});
