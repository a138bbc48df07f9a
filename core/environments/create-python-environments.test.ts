import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentStages, type EnvironmentProgress } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import { FakeClock } from '#core/ports/fake-clock.ts';
import { FakePythonToolbox } from '#core/ports/fake-python-toolbox.ts';
import { createPythonEnvironments, type PythonEnvironmentsOptions } from './create-python-environments.ts';

function setting(changes: Partial<PythonEnvironmentsOptions> = {}) {
  const toolbox = new FakePythonToolbox();
  const progress: EnvironmentProgress[] = [];
  const controller = new AbortController();
  const clock = new FakeClock();
  const probe = async () => {
    toolbox.calls.push('training-probe');
    toolbox.during('training-probe');
    const failure = toolbox.failures.get('training-probe');
    toolbox.failures.delete('training-probe');
    if (failure !== undefined) throw failure;
    return { lossFirst: 3, lossLast: 2, secondsPerStep: 0.1 };
  };
  const options: PythonEnvironmentsOptions = {
    ...{ toolbox, probe, clock, workerVersion: '1', isOffline: () => false, directoriesInUse: () => [] },
    ...{ cuda: async () => null, reasonFor: async () => 'no graphics card was found' },
    ...changes,
  };
  const request = { signal: controller.signal, onProgress: (line: EnvironmentProgress) => progress.push(line) };
  const environments = createPythonEnvironments(options);
  const worked = (): string[] =>
    toolbox.calls.filter((call) => (environmentStages as readonly string[]).includes(call));
  const forget = (): void => void toolbox.calls.splice(0);
  return { toolbox, environments, request, progress, controller, worked, forget, options, clock };
}

const code = (expected: string) => (error: unknown) => error instanceof ForgeError && error.code === expected;

test('a set-up runs every stage once, in order, and ends ready', async () => {
  const { environments, request, worked, progress } = setting();
  const status = await environments.setUp('cpu', request);
  assert.deepEqual(worked(), [...environmentStages]);
  assert.equal(status.state, 'ready');
  assert.deepEqual(status.training, { lossFirst: 3, lossLast: 2, secondsPerStep: 0.1 });
  const fractions = progress.map(({ fraction }) => fraction).filter((fraction) => fraction !== null);
  assert.deepEqual(
    fractions,
    fractions.toSorted((a, b) => a - b),
    'progress never goes back',
  );
  assert.ok(Math.abs((fractions.at(-1) ?? 0) - 1) < 1e-9);
});

test('a second set-up does nothing and says so', async () => {
  const { environments, request, worked, forget, progress } = setting();
  await environments.setUp('cpu', request);
  forget();
  progress.splice(0);
  await environments.setUp('cpu', request);
  assert.deepEqual(worked(), []);
  assert.deepEqual(
    progress.map(({ state }) => state),
    environmentStages.map(() => 'skipped'),
  );
});

for (const stage of environmentStages) {
  test(`a set-up that breaks in the stage ${stage} goes on there the next time`, async () => {
    const { toolbox, environments, request, worked, forget } = setting();
    toolbox.failures.set(stage, new Error('killed'));
    await assert.rejects(environments.setUp('cpu', request), /killed/);
    assert.equal(toolbox.calls.at(-1), 'release', 'the claim is given back');
    forget();
    const status = await environments.setUp('cpu', request);
    const left = environmentStages.slice(environmentStages.indexOf(stage));
    assert.deepEqual([status.state, worked()], ['ready', left]);
  });

  test(`a set-up that breaks after the work of ${stage} and before its stamp repeats that stage`, async () => {
    const { toolbox, environments, request, worked, forget } = setting();
    toolbox.failures.set(`stamp ${stage}`, new Error('killed'));
    await assert.rejects(environments.setUp('cpu', request), /killed/);
    forget();
    const status = await environments.setUp('cpu', request);
    assert.deepEqual([status.state, worked()], ['ready', environmentStages.slice(environmentStages.indexOf(stage))]);
  });

  test(`a set-up cancelled in the stage ${stage} says so and goes on there the next time`, async () => {
    const { toolbox, environments, request, controller, options, worked, forget } = setting();
    toolbox.during = (call) => void (call === stage && controller.abort());
    await assert.rejects(environments.setUp('cpu', request), code('environment.cancelled'));
    toolbox.during = () => undefined;
    forget();
    const again = { ...request, signal: new AbortController().signal };
    await createPythonEnvironments(options).setUp('cpu', again);
    assert.deepEqual(worked(), environmentStages.slice(environmentStages.indexOf(stage)));
  });
}

test('a lost environment is installed and probed again, nothing else', async () => {
  const { toolbox, environments, request, worked, forget, clock } = setting();
  await environments.setUp('cpu', request);
  clock.advance(1000);
  toolbox.installed.clear();
  assert.equal((await environments.status('cpu')).state, 'incomplete');
  forget();
  await environments.setUp('cpu', request);
  assert.deepEqual(worked(), ['install', 'import-probe', 'tensor-probe', 'training-probe']);
});

test('a new version of the worker repeats the training probe only', async () => {
  const { environments, request, worked, forget, options } = setting();
  await environments.setUp('cpu', request);
  forget();
  await createPythonEnvironments({ ...options, workerVersion: '2' }).setUp('cpu', request);
  assert.deepEqual(worked(), ['training-probe']);
});

test('a new lock makes a new folder, and the old one goes when nothing runs in it', async () => {
  const { toolbox, environments, request, options } = setting();
  const old = (await environments.setUp('cpu', request)).directory;
  toolbox.lock += 'scipy==1.0 \\\n    --hash=sha256:dd\n';
  const fresh = (await environments.setUp('cpu', request)).directory;
  assert.notEqual(fresh, old);
  const busy = createPythonEnvironments({ ...options, directoriesInUse: () => [old] });
  assert.deepEqual(await busy.removeOutdated('cpu'), []);
  assert.deepEqual(await environments.removeOutdated('cpu'), [old]);
  assert.equal((await environments.status('cpu')).state, 'ready');
});

test('an environment works on when the uv that made it is gone', async () => {
  const { toolbox, environments, request, worked, forget } = setting();
  await environments.setUp('cpu', request);
  toolbox.goneFiles.add('/usr/bin/uv');
  forget();
  await environments.workerCommand('cpu', { threads: 2, passiveWait: true, device: 'cpu' });
  await environments.setUp('cpu', request);
  assert.deepEqual(worked(), []);
});

test('a worker is not started in an environment that is not complete', async () => {
  const { toolbox, environments, request } = setting();
  toolbox.failures.set('tensor-probe', new Error('killed'));
  await assert.rejects(environments.setUp('cpu', request));
  const settings = { threads: 2, passiveWait: true, device: 'cpu' } as const;
  await assert.rejects(environments.workerCommand('cpu', settings), (error) => {
    assert.ok(error instanceof ForgeError);
    assert.deepEqual([error.code, error.detail], ['environment.not-ready', { profile: 'cpu', stage: 'tensor-probe' }]);
    return true;
  });
});

test('repair builds everything anew and remove leaves nothing', async () => {
  const { toolbox, environments, request, worked, forget } = setting();
  await environments.setUp('cpu', request);
  forget();
  await environments.repair('cpu', request);
  assert.deepEqual([toolbox.calls.slice(0, 2), worked()], [['claim cpu', 'remove'], [...environmentStages]]);
  assert.equal(await environments.remove('cpu'), 1000);
  assert.equal((await environments.status('cpu')).state, 'absent');
});

test('the small build of torch is taken when its index answers, without the CUDA libraries', async () => {
  const { toolbox, environments, request } = setting();
  toolbox.reachable = true;
  const { directory, torchBuild, estimate } = await environments.setUp('cpu', request);
  const installed = toolbox.installed.get(directory);
  assert.deepEqual(
    [torchBuild, installed?.torch, installed?.requirements],
    ['cpu', { version: '2.13.0', build: 'cpu' }, 'numpy==2.4.6 \\\n    --hash=sha256:cc\n'],
  );
  assert.ok(estimate.diskBytes < 1_500_000_000);
});

test('without that index the ordinary build is taken and its size is told before the download', async () => {
  const { toolbox, environments, request, progress } = setting();
  const { directory, torchBuild } = await environments.setUp('cpu', request);
  assert.deepEqual([torchBuild, toolbox.installed.get(directory)?.torch], ['default', null]);
  const told = progress.findIndex(({ text }) => /2\.4 GB to download, 4\.1 GB on the disk/.test(text));
  assert.ok(told >= 0 && told < progress.findIndex(({ stage }) => stage === 'install'));
});

test('a card that needs another build of torch is an error when its index does not answer', async () => {
  const cuda = async () => ({ version: '12.4', computeCapability: 8.6 });
  const { environments, request } = setting({ cuda });
  await assert.rejects(environments.setUp('cuda', request), code('environment.network-lost'));
});

test('too little disk space is said before anything is fetched', async () => {
  const { toolbox, environments, request } = setting();
  toolbox.free = 1_000_000_000;
  await assert.rejects(environments.setUp('cpu', request), (error) => {
    assert.ok(error instanceof ForgeError && error.code === 'environment.disk-full');
    assert.match(error.message, /about 4\.7 GB are needed, 1\.0 GB are free/);
    return true;
  });
  assert.ok(!toolbox.calls.includes('install'));
});

test('a Python that is too old leads to a fetched one, and its failure names both', async () => {
  const { toolbox, environments, request } = setting();
  toolbox.interpreters = [{ path: '/usr/bin/python3', version: '3.9.6', origin: 'path', problem: null }];
  toolbox.failures.set(
    'fetch interpreter',
    new ForgeError('environment.network-lost', { activity: 'fetching', reason: 'dns error' }),
  );
  await assert.rejects(environments.setUp('cpu', request), (error) => {
    assert.ok(error instanceof ForgeError && error.code === 'environment.python-too-old');
    assert.match(
      error.message,
      /newest Python here is 3\.9\.6 \(\/usr\/bin\/python3\); 3\.11 to 3\.14 is needed.*dns error/,
    );
    return true;
  });
  const { python } = await environments.setUp('cpu', request);
  assert.deepEqual(python, { path: '/home/tools/python/bin/python3', version: '3.12.4' });
});

test('no Python at all is an error of its own', async () => {
  const { toolbox, environments, request } = setting();
  toolbox.interpreters = [];
  toolbox.failures.set('fetch interpreter', new ForgeError('environment.offline', { activity: 'fetching Python' }));
  await assert.rejects(environments.setUp('cpu', request), code('environment.python-missing'));
});

test('an installer that is too old is passed over for one of our own', async () => {
  const { toolbox, environments, request } = setting();
  toolbox.uv = [{ path: '/usr/bin/uv', version: '0.4.30', origin: 'path' }];
  const { uv } = await environments.setUp('cpu', request);
  assert.equal(uv?.origin, 'private');
});

test('an expected failure is told in progress with its remedy', async () => {
  const { toolbox, environments, request, progress } = setting();
  toolbox.failures.set('install', new ForgeError('environment.hash-mismatch', { detail: 'torch' }));
  await assert.rejects(environments.setUp('cpu', request), code('environment.hash-mismatch'));
  const last = progress.at(-1);
  assert.deepEqual([last?.stage, last?.state], ['install', 'failed']);
  assert.match(last?.text ?? '', /uv cache clean/);
});
