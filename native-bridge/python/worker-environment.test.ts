import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptEnvironment, workerEnvironment } from './worker-environment.ts';

test('a worker gets a clean environment with its threads and nothing that leads to the network', () => {
  const own = {
    PATH: '/evil',
    HOME: '/h',
    PYTHONPATH: '/evil',
    PYTHONSTARTUP: '/evil.py',
    HF_TOKEN: 'secret',
    HTTPS_PROXY: 'p',
    CUDA_VISIBLE_DEVICES: '1',
  };
  const settings = {
    threads: 2,
    platform: 'linux',
    python: '/envs/cpu/python/bin/python',
    pycache: '/c/pycache',
    cache: '/c/hf',
    own,
  };
  const expected = {
    ...{ PATH: '/envs/cpu/python/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/h', LANG: 'C.UTF-8' },
    ...{ PYTHONNOUSERSITE: '1', PYTHONSAFEPATH: '1', PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' },
    PYTHONPYCACHEPREFIX: '/c/pycache',
    ...{
      HF_HUB_OFFLINE: '1',
      HF_HUB_DISABLE_TELEMETRY: '1',
      HF_HOME: '/c/hf',
      DO_NOT_TRACK: '1',
      TOKENIZERS_PARALLELISM: 'false',
    },
    ...{ OMP_NUM_THREADS: '2', MKL_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2' },
  };
  assert.deepEqual(workerEnvironment({ ...settings, passiveWait: true, device: 'cpu' }), {
    ...expected,
    ...{ OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0', CUDA_VISIBLE_DEVICES: '' },
  });
  assert.deepEqual(workerEnvironment({ ...settings, passiveWait: false, device: 'cuda' }), {
    ...expected,
    CUDA_VISIBLE_DEVICES: '1',
  });
  const onMac = workerEnvironment({ ...settings, passiveWait: false, device: 'mlx', platform: 'darwin' });
  assert.equal(onMac['AGX_RELAX_CDM_CTXSTORE_TIMEOUT'], '1');
});

test('an attempt gets its own threads and its marker over the environment of its interpreter, and nothing of the person', () => {
  const settings = {
    platform: 'linux',
    python: '/p/bin/python',
    pycache: '/c',
    cache: '/h',
    own: {},
    device: 'cpu',
  } as const;
  const base = workerEnvironment({ ...settings, threads: 8, passiveWait: true });
  const grant = { directory: '/runs/1', threads: 2, passiveWait: false };
  const environment = attemptEnvironment({ ...base, PYTHONPATH: '/home/me', NODE_OPTIONS: '--inspect' }, 'MARK', grant);
  assert.deepEqual(environment, {
    ...workerEnvironment({ ...settings, threads: 2, passiveWait: false }),
    MARK: '/runs/1',
  });
  assert.equal(attemptEnvironment(base, 'MARK', { ...grant, passiveWait: true })['OMP_WAIT_POLICY'], 'PASSIVE');
});
