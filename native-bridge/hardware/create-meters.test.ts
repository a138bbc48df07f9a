import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import { meterReading } from '#contract/hardware.ts';
import type { runTool } from '../processes/run-tool.ts';
import { createMeters } from './create-meters.ts';
import { parseNvidiaMeters } from './parse-nvidia-meters.ts';

const home = tmpdir();
const absent: typeof runTool = async (command) => {
  throw new ForgeError('tool.not-found', { command });
};
const hanging: typeof runTool = () => new Promise(() => undefined);
const answers = (stdout: string) => ({ state: 'answered', exitCode: 0, stdout, stderr: '' }) as const;

test('this machine is read within a second, with what the contract asks for', async () => {
  const meters = createMeters({ home });
  await meters.read([]);
  const started = performance.now();
  const reading = meterReading.parse(await meters.read([]));
  assert.ok(performance.now() - started < 1000);
  assert.ok(reading.memoryTotalBytes > 1e8 && reading.memoryUsedBytes > 1e6 && reading.diskFreeBytes > 0);
  assert.ok(reading.memoryUsedBytes <= reading.memoryTotalBytes);
  assert.equal(reading.workerMemoryBytes, null);
});

test(
  "a worker's memory is that of its whole tree, and null once it is gone",
  { skip: process.platform === 'win32' },
  async () => {
    const child = spawn('sh', ['-c', 'sleep 30 & sleep 30'], { detached: true, stdio: 'ignore' });
    try {
      const meters = createMeters({ home, run: absent });
      // Just forked it is a few pages; it grows when its program is loaded.
      let whole: number | null = null;
      for (let tries = 0; tries < 100 && (whole ?? 0) <= 500_000; tries += 1) {
        whole = (await meters.read([child.pid ?? 0])).workerMemoryBytes;
        await setTimeout(20);
      }
      assert.ok(whole !== null && whole > 500_000, String(whole));
      assert.equal((await meters.read([2 ** 22 + 1])).workerMemoryBytes, null);
    } finally {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    }
  },
);

test('what hangs is not waited for: the others still answer, and the driver is left alone for a while', async () => {
  let asked = 0;
  let now = 0;
  const meters = createMeters({
    home,
    platform: 'linux',
    readerTimeoutMs: 50,
    nowMs: () => now,
    run: (...call) => {
      asked += 1;
      return hanging(...call);
    },
    readSystem: () => ({ load: new Promise(() => undefined), memory: Promise.reject(new Error('no')) }),
  });
  const started = performance.now();
  const reading = await meters.read([]);
  await meters.read([]);
  assert.ok(performance.now() - started < 900);
  assert.deepEqual([reading.graphics, asked, reading.memoryTotalBytes > 0], [null, 1, true]);
  now += 60_000;
  await meters.read([]);
  assert.equal(asked, 2);
});

test('where there is no driver its tool is looked for once', async () => {
  let asked = 0;
  const run: typeof runTool = (...call) => {
    asked += 1;
    return absent(...call);
  };
  const meters = createMeters({ home, platform: 'linux', run });
  await meters.read([]);
  await meters.read([]);
  assert.equal(asked, 2, 'once on PATH and once where WSL keeps it');
});

test('a card is read, also where it does not know a column', () => {
  const mebibyte = 1024 ** 2;
  assert.deepEqual(parseNvidiaMeters(answers('NVIDIA H100 80GB HBM3, 73, 40536, 81559, 55\n')), {
    name: 'NVIDIA H100 80GB HBM3',
    use: 0.73,
    memoryUsedBytes: 40_536 * mebibyte,
    memoryTotalBytes: 81_559 * mebibyte,
    celsius: 55,
  });
  assert.deepEqual(parseNvidiaMeters(answers('NVIDIA GB10, [N/A], [N/A], [N/A], 41\nsecond, 1, 1, 1, 1')), {
    name: 'NVIDIA GB10',
    use: null,
    memoryUsedBytes: null,
    memoryTotalBytes: null,
    celsius: 41,
  });
});

test('what is no reading is null', () => {
  const texts = ['', 'No devices were found', 'a, b', '\0\0\0'];
  assert.deepEqual(
    texts.map((text) => parseNvidiaMeters(answers(text))),
    [null, null, null, null],
  );
  assert.equal(parseNvidiaMeters({ state: 'answered', exitCode: 9, stdout: 'x, 1, 1, 1, 1', stderr: '' }), null);
});
