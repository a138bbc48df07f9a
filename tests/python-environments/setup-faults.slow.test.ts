import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { environmentStages } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import { identifyProcess, isProcessAlive } from '#native-bridge/processes/process-identity.ts';
import { composeWithFakeUv } from './compose.ts';

const homes: string[] = [];
async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'forge-environment-'));
  homes.push(home);
  return home;
}
after(async () => {
  for (const home of homes) await rm(home, { recursive: true, force: true });
});

/** Starts a set-up and kills it with -9 as soon as it prints the line; resolves with the lines, or null when it ended before. */
async function runAndKill(home: string, line: string | null, mode = ''): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'setup-process.ts'), home, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(text);
    if (text === line) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return lines;
}

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

test('a set-up killed in any stage, over and over, ends well the next time', { timeout: 120_000 }, async () => {
  const home = await newHome();
  for (const stage of environmentStages) {
    for (const state of ['running', 'done']) {
      const lines = await runAndKill(home, `${stage} ${state}`);
      assert.equal(lines.includes(`${stage} ${state}`), true, `it got to ${stage} ${state}: ${lines.join(', ')}`);
      assert.equal(lines.includes('end ready'), false);
      if (state === 'running') assert.equal(lines.includes(`${stage} done`), false);
    }
  }
  assert.deepEqual((await runAndKill(home, null)).at(-1), 'end ready');
  const { environments } = await composeWithFakeUv(home);
  assert.equal((await environments.status('cpu')).state, 'ready');
});

test(
  'an installer left running by a killed set-up is ended before the folder is built anew',
  { timeout: 60_000 },
  async () => {
    const home = await newHome();
    const killed = runAndKill(home, 'never', 'slow');
    const pidFile = join(home, 'installer.pid');
    const pid = Number(await waitForText(pidFile));
    const installer = identifyProcess(pid);
    const [setup] = (await readdir(join(home, 'envs'))).filter((name) => name.startsWith('.setup-'));
    const claim = join(home, 'envs', setup ?? 'none');
    const owner = JSON.parse(await waitForText(claim, '"installer": {')).owner.pid;
    process.kill(owner, 'SIGKILL');
    await killed;
    assert.ok(installer !== null && isProcessAlive(installer), 'it outlived the set-up');
    const { environments } = await composeWithFakeUv(home);
    const { directory, state } = await environments.setUp('cpu', quiet);
    assert.equal(isProcessAlive(installer), false);
    const site = join(directory, 'python', 'lib', 'python3.11', 'site-packages');
    assert.deepEqual([state, (await readdir(site)).toSorted()], ['ready', ['forge_worker.pth', 'whole.txt']]);
  },
);

async function waitForText(path: string, containing = '\n'): Promise<string> {
  for (let tries = 0; tries < 400; tries += 1) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.includes(containing)) return text;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${path} did not come`);
}

test('two set-ups of one environment do not run at once', async () => {
  const { environments } = await composeWithFakeUv(await newHome());
  // Either may be the first to claim the folder; exactly one works, and the other says so.
  const ends = await Promise.allSettled([environments.setUp('cpu', quiet), environments.setUp('cpu', quiet)]);
  const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
  assert.deepEqual(
    refused.map((reason) => reason instanceof ForgeError && reason.code),
    ['environment.busy'],
  );
  assert.deepEqual(
    ends.filter((end) => end.status === 'fulfilled').map(({ value }) => value.state),
    ['ready'],
  );
});

test('a torn claim file does not block a set-up', async () => {
  const home = await newHome();
  const { environments } = await composeWithFakeUv(home);
  const { directory } = await environments.setUp('cpu', quiet);
  await writeFile(join(home, 'envs', `.setup-${directory.split('/').at(-1)}.json`), '{"owner": {"pi');
  assert.equal((await environments.repair('cpu', quiet)).state, 'ready');
});

for (const [mode, code] of [
  ['network', 'environment.network-lost'],
  ['disk', 'environment.disk-full'],
  ['hash', 'environment.hash-mismatch'],
  ['denied', 'environment.not-writable'],
  ['panic', 'environment.install-failed'],
] as const) {
  test(`an installation that fails (${mode}) names its one fix and the next set-up goes on`, async () => {
    const home = await newHome();
    const failing = await composeWithFakeUv(home, mode);
    await assert.rejects(failing.environments.setUp('cpu', quiet), (error) => {
      assert.ok(error instanceof ForgeError);
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message + error.remedy, /\{\w+\}|undefined/);
      return true;
    });
    const seen: string[] = [];
    const working = await composeWithFakeUv(home);
    const onProgress = ({ stage, state }: { stage: string; state: string }): void =>
      void seen.push(`${stage} ${state}`);
    assert.equal((await working.environments.setUp('cpu', { ...quiet, onProgress })).state, 'ready');
    assert.deepEqual(seen.slice(0, 3), ['uv skipped', 'interpreter skipped', 'lock skipped']);
  });
}

test('a cancelled installation kills the installer at once', async () => {
  const home = await newHome();
  const { environments } = await composeWithFakeUv(home, 'slow');
  const controller = new AbortController();
  const running = environments.setUp('cpu', { signal: controller.signal, onProgress: () => undefined });
  const rejected = assert.rejects(
    running,
    (error) => error instanceof ForgeError && error.code === 'environment.cancelled',
  );
  const installer = identifyProcess(Number(await waitForText(join(home, 'installer.pid'))));
  controller.abort();
  await rejected;
  assert.ok(installer !== null && !isProcessAlive(installer));
});

test('every installer that reaches out is one line in the network ledger', async () => {
  const home = await newHome();
  const { environments } = await composeWithFakeUv(home);
  await environments.setUp('cpu', quiet);
  const lines = (await readFile(join(home, 'logs', 'network.jsonl'), 'utf8')).trim().split('\n');
  const entries = lines
    .map((line) => JSON.parse(line))
    .map(({ purpose, path, status, bytes }) => ({ purpose, path, status, bytes }));
  assert.deepEqual(entries, [
    { purpose: 'asking for the cpu build of torch', path: 'uv', status: 2, bytes: 0 },
    { purpose: 'installing the Python packages', path: 'uv', status: 0, bytes: 2 * 1024 ** 2 },
  ]);
});

test('a home that may not be written is said plainly', async (context) => {
  if (process.getuid?.() === 0)
    return context.skip('root may write everywhere; the same error is tested through the installer above');
  const { environments } = await composeWithFakeUv('/');
  await assert.rejects(
    environments.setUp('cpu', quiet),
    (error) => error instanceof ForgeError && error.code === 'environment.not-writable',
  );
});

test('the worker is found through the environment, wherever the application lies', async () => {
  const home = await newHome();
  const { environments } = await composeWithFakeUv(home);
  const { directory } = await environments.setUp('cpu', quiet);
  const path = join(directory, 'python', 'lib', 'python3.11', 'site-packages', 'forge_worker.pth');
  await writeFile(path, '/an/older/place\n');
  const { command, args } = await environments.workerCommand('cpu', { threads: 1, passiveWait: false, device: 'cpu' });
  await access(join((await readFile(path, 'utf8')).trim(), 'forge_worker', '__main__.py'));
  assert.deepEqual([command, args], [join(directory, 'python', 'bin', 'python'), ['-m', 'forge_worker']]);
});
