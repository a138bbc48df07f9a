// Machines whose Python is missing, too old or broken. (Lost connections: tests/python-environments.)
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { goodRows } from './dataset-files.ts';
import { assertNothingHalfMade, forge, newFolder, newHome, refused, type Refusal } from './forge-command.ts';

const options = { skip: process.platform === 'win32' && 'NOT CHECKED: the stand-ins are shell scripts' };
const machine = { exitCode: 3 } as const;

function script(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** A python3 that tells a version, and does for `-m venv <folder>` what it is told to. */
function python(folder: string, version: string, venv = 'exit 1'): void {
  const facts = {
    path: path.join(folder, 'python3'),
    version,
    implementation: 'cpython',
    bits: 64,
    hasLock: true,
    final: true,
  };
  const cases = [
    `*base_executable*) echo '${JSON.stringify(facts)}' ;;`,
    `*venv*) ${venv} ;;`,
    `*) echo "Python ${version}" ;;`,
  ];
  script(folder, 'python3', `case "$*" in\n${cases.join('\n')}\nesac`);
}

/** A uv that is there and can fetch nothing. */
function uvWithoutNetwork(folder: string): void {
  script(
    folder,
    'uv',
    'if [ "$1" = "--version" ]; then echo "uv 0.13.8"; exit 0; fi\necho "error: Failed to download the interpreter" >&2\necho "  cause: dns error" >&2\nexit 2',
  );
}

async function refusedWith(t: TestContext, make: (folder: string) => void, refusal: Refusal): Promise<void> {
  const [home, folder] = [await newHome(t), await newFolder(t)];
  make(folder);
  await refused(['env', 'setup', '--home', home], refusal, { PATH: folder, FORGE_NETWORK_OFFLINE: 'false' });
  assertNothingHalfMade(home);
}

test('a machine without Python is told what to install', options, (t) =>
  refusedWith(t, () => undefined, {
    ...machine,
    code: 'environment.python-missing',
    says: /No Python 3\.11 or newer was found/,
    remedy: /^Install Python 3\.12 /,
  }),
);

test('a Python that is too old is named with its place, and what is needed', options, (t) =>
  refusedWith(
    t,
    (folder) => {
      python(folder, '3.8.10');
      uvWithoutNetwork(folder);
    },
    {
      ...machine,
      code: 'environment.python-too-old',
      says: /The newest Python here is 3\.8\.10 \(.*python3.*\); 3\.11 to 3\.14 is needed/,
      remedy: /^Install Python 3\.12 beside it/,
    },
  ),
);

test('a Python that can make no virtual environment is told with the missing package', options, (t) =>
  refusedWith(
    t,
    (folder) =>
      python(
        folder,
        '3.12.4',
        'echo "The virtual environment was not created successfully because ensurepip is not available." >&2; exit 1',
      ),
    {
      ...machine,
      code: 'environment.venv-broken',
      says: /ensurepip is not available/,
      remedy: /apt install python3-venv/,
    },
  ),
);

test('a Python whose ensurepip fails is told with the missing package', options, (t) =>
  refusedWith(
    t,
    (folder) =>
      python(
        folder,
        '3.12.4',
        `echo "Error: Command '['/x/bin/python3', '-m', 'ensurepip', '--upgrade', '--default-pip']' returned non-zero exit status 1." >&2; exit 1`,
      ),
    {
      ...machine,
      code: 'environment.venv-broken',
      says: /cannot make a virtual environment: its part ensurepip, which brings pip, returned non-zero exit status 1\./,
      remedy: /apt install python3-venv/,
    },
  ),
);

test('a Python whose pip is broken is told with the missing package', options, (t) =>
  refusedWith(
    t,
    (folder) => {
      script(
        folder,
        'broken-venv',
        'for last in "$@"; do :; done\n/bin/mkdir -p "$last/bin"\n/bin/cp "$0.python" "$last/bin/python"',
      );
      script(folder, 'broken-venv.python', 'echo "No module named pip" >&2; exit 1');
      python(folder, '3.12.4', `${path.join(folder, 'broken-venv').replaceAll(' ', String.raw`\ `)} "$@"`);
    },
    { ...machine, code: 'environment.venv-broken', says: /No module named pip/, remedy: /venv and pip/ },
  ),
);

test(
  'without Python and offline, a training says so after the dataset was found good, and keeps that',
  options,
  async (t) => {
    const [home, folder] = [await newHome(t), await newFolder(t)];
    const dataset = path.join(folder, 'parcels.csv');
    writeFileSync(dataset, goodRows(60));
    await refused(
      ['train', '--dataset', dataset, '--home', home],
      {
        ...machine,
        code: 'environment.offline',
        says: /switched to offline/,
        remedy: /`offline = false` under \[network\] in config\.toml/,
      },
      { PATH: folder },
    );
    const again = await forge(['train', '--dataset', dataset, '--home', home], { PATH: folder });
    assert.match(again.err, /Dataset: .*\(reused\)/);
    assertNothingHalfMade(home);
  },
);
