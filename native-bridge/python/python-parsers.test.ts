import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyInstallFailure, summariseInstallFailure } from './classify-install-failure.ts';
import { parseInterpreterReport } from './find-interpreters.ts';
import { createInstallProgress } from './install-progress.ts';
import { installerEnvironment } from './installer-environment.ts';

/** Recorded from uv 0.13.8 and pip 24; addresses shortened. */
const recorded = {
  'environment.network-lost': `Using Python 3.11.7 environment at: e2
error: Failed to fetch: https://anna:secret@index.example/simple/numpy/?token=abc
  cause: error sending request for url (https://index.example/simple/numpy/)
  cause: client error (Connect)
  cause: dns error: failed to lookup address information: Name or service not known`,
  'environment.hash-mismatch': `Resolved 1 package in 74ms
Downloading uv (16.6MiB)
error: Failed to download \`uv==0.13.8\`
  cause: Hash mismatch for \`uv==0.13.8\`

         Expected:
           sha256:00000b1a`,
  'environment.disk-full': `Resolved 2 packages in 73ms
error: Failed to install: transformers-5.23.0-py3-none-any.whl (transformers==5.23.0)
  cause: failed to copy file from /c/__init__.py to /e/__init__.py: No space left on device (os error 28)`,
  'environment.offline': `error: No solution found when resolving dependencies
  cause: Because uv was not found in the cache and you require uv==0.13.8, we can conclude that your requirements are unsatisfiable.

hint: Packages were unavailable because the network was disabled.`,
  'environment.no-build': `error: No solution found when resolving dependencies
  cause: Because tensorflow-macos==2.9.0 has no wheels with a matching Python ABI tag (e.g., \`cp311\`) and you require it`,
  'environment.not-writable': `error: failed to create directory \`/srv/forge/envs\`: Permission denied (os error 13)`,
  'environment.venv-broken': `The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv package`,
  'environment.install-failed': 'thread main panicked at src/lib.rs',
} as const;

for (const [expected, output] of Object.entries(recorded)) {
  test(`what an installer says is recognised: ${expected}`, () =>
    assert.equal(classifyInstallFailure(output), expected));
}

test('a failed installation is summed up by its error and its deepest cause, without passwords', () => {
  assert.equal(
    summariseInstallFailure(recorded['environment.network-lost']),
    'Failed to fetch: https://index.example/simple/numpy/: dns error: failed to lookup address information: Name or service not known',
  );
});

/** Python 3.10 to 3.13 with an ensurepip that fails; what that said itself is not shown. */
const ensurepipFailed = (how: string): string =>
  `Error: Command '['/opt/my home/tools/uv/bin/python3', '-m', 'ensurepip', '--upgrade', '--default-pip']' ${how}`;

test('a virtual environment into which pip did not get is told as such, whatever ended it', () => {
  for (const how of ['returned non-zero exit status 1.', 'died with <Signals.SIGKILL: 9>.']) {
    assert.equal(classifyInstallFailure(ensurepipFailed(how)), 'environment.venv-broken');
    assert.equal(
      summariseInstallFailure(ensurepipFailed(how)),
      `its part ensurepip, which brings pip, ${how.replace(/\.$/, '')}`,
    );
  }
});

test('uv lines become progress by size', () => {
  const read = createInstallProgress(100);
  const mebibyte = 1024 ** 2;
  assert.deepEqual(
    [
      'Resolved 2 packages in 1ms',
      'Downloading a (3.0MiB)',
      'Downloading b (1.0MiB)',
      ' Downloaded a',
      ' Downloaded b',
      'Installed 2 packages in 3ms',
    ].map(read),
    [
      null,
      { text: 'downloading a (3.0 MiB)', fraction: 0, downloadedBytes: 0 },
      { text: 'downloading b (1.0 MiB)', fraction: 0, downloadedBytes: 0 },
      { text: 'downloaded a', fraction: 0.9 * 0.75, downloadedBytes: 3 * mebibyte },
      { text: 'downloaded b', fraction: 0.9, downloadedBytes: 4 * mebibyte },
      { text: 'installed 2 packages in 3ms', fraction: 1, downloadedBytes: 4 * mebibyte },
    ],
  );
});

test('a Python tells what it is, and unusable kinds say why', () => {
  const report = {
    path: '/usr/bin/python3.12',
    version: '3.12.1',
    implementation: 'cpython',
    bits: 64,
    hasLock: true,
    final: true,
  };
  const problems = [{}, { implementation: 'pypy' }, { bits: 32 }, { hasLock: false }, { final: false }].map(
    (change) => parseInterpreterReport(JSON.stringify({ ...report, ...change }))?.problem,
  );
  assert.deepEqual(problems, [
    null,
    'it is pypy, not CPython',
    'it is a 32-bit build',
    'it is a free-threaded build',
    'it is a pre-release',
  ]);
  for (const garbage of ['', 'Python was not found; run without arguments to install', '{"path": 1}', 'null'])
    assert.equal(parseInterpreterReport(garbage), null);
});

test('an installer gets the network settings of the person and nothing of their Python', () => {
  const own = {
    ...{
      PATH: '/usr/bin',
      HOME: '/h',
      https_proxy: 'http://proxy:1',
      UV_DEFAULT_INDEX: 'https://mirror',
      PIP_CERT: '/ca.pem',
    },
    ...{
      PYTHONPATH: '/evil',
      VIRTUAL_ENV: '/v',
      CONDA_PREFIX: '/c',
      UV_PYTHON: '3.8',
      UV_NO_VERIFY_HASHES: '1',
      PIP_TARGET: '/t',
      SECRET: 's',
    },
  };
  assert.deepEqual(installerEnvironment(own), {
    ...{
      PATH: '/usr/bin',
      HOME: '/h',
      https_proxy: 'http://proxy:1',
      UV_DEFAULT_INDEX: 'https://mirror',
      PIP_CERT: '/ca.pem',
    },
    ...{ NO_COLOR: '1', UV_NO_PROGRESS: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
  });
});
