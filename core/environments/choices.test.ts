import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseInterpreter, compareVersions, isInRange } from './choose-interpreter.ts';
import { chooseTorchBuild } from './choose-torch-build.ts';
import { isTorchFamily, lockedVersion, parseLock, requirementsWithout } from './lock-file.ts';

const candidate = (version: string, problem: string | null = null) => ({
  path: `/opt/${version}`,
  version,
  origin: 'path' as const,
  problem,
});
const range = { minimum: '3.11', maximum: '3.14' };

test('versions compare by number, not by letter', () => {
  assert.deepEqual(
    [compareVersions('3.9', '3.11'), compareVersions('0.13.8', '0.13'), compareVersions('3.12', '3.12.0')],
    [-1, 1, 0],
  );
  assert.deepEqual(
    ['3.10.13', '3.11.0', '3.14.9', '3.15.0', '4.0.0'].map((version) => isInRange(version, range)),
    [false, true, true, false, false],
  );
});

test('the first usable Python in range is chosen, otherwise the newest is named', () => {
  const [old, broken, good] = [candidate('3.9.6'), candidate('3.12.1', 'it is a 32-bit build'), candidate('3.13.0')];
  assert.deepEqual(chooseInterpreter([old, broken, good], range), {
    kind: 'chosen',
    interpreter: { path: '/opt/3.13.0', version: '3.13.0', origin: 'path' },
  });
  assert.deepEqual(chooseInterpreter([old, broken], range), { kind: 'unfit', newest: broken });
  assert.deepEqual(chooseInterpreter([], range), { kind: 'none' });
});

test('the build of torch follows the profile, the system, the driver and the card', () => {
  const machine = (platform: string, version: string | null, computeCapability = 8.9) => ({
    ...{ platform, architecture: 'x64' },
    cuda: version === null ? null : { version, computeCapability },
  });
  const build = (...[profile, on]: Parameters<typeof chooseTorchBuild>) => {
    const choice = chooseTorchBuild(profile, on);
    return `${choice.build}${choice.required ? ' required' : ''}`;
  };
  assert.deepEqual(
    [
      build('cpu', machine('linux', null)),
      build('cpu', machine('darwin', null)),
      build('dev', machine('linux', '13.0')),
      build('mlx', machine('darwin', null)),
      build('cuda', machine('linux', '13.0')),
      build('cuda', machine('linux', '12.4')),
      build('cuda', machine('linux', '13.0', 7.0)),
      build('cuda', machine('win32', '13.1')),
    ],
    ['cpu', 'default', 'cpu', 'default', 'default', 'cu126 required', 'cu126 required', 'cu130 required'],
  );
});

const lock = `# made by uv
nvidia-nccl-cu13==2.29.7 ; (platform_machine == 'x86_64' and sys_platform == 'linux') \\
    --hash=sha256:00 \\
    --hash=sha256:11
torch==2.13.0 \\
    --hash=sha256:22
tqdm==4.70.1 \\
    --hash=sha256:33
`;

test('a lock is read with its markers and written without the packages of another build', () => {
  const packages = parseLock(lock);
  assert.deepEqual(
    packages.map(({ name, version, marker }) => [name, version, marker]),
    [
      ['nvidia-nccl-cu13', '2.29.7', "(platform_machine == 'x86_64' and sys_platform == 'linux')"],
      ['torch', '2.13.0', ''],
      ['tqdm', '4.70.1', ''],
    ],
  );
  assert.equal(requirementsWithout(packages, isTorchFamily), 'tqdm==4.70.1 \\\n    --hash=sha256:33\n');
  assert.equal(
    requirementsWithout(packages, () => false),
    lock.replace('# made by uv\n', ''),
  );
  assert.deepEqual([lockedVersion(packages, 'torch'), lockedVersion(packages, 'jax')], ['2.13.0', null]);
});

test('a lock with an unpinned package, an index address or no digest is refused', () => {
  for (const bad of ['torch>=2\n    --hash=sha256:00\n', '--index-url https://example.com\n', 'torch==2.13.0\n'])
    assert.throws(() => parseLock(bad), /in a package lock/);
});
