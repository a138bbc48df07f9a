// One name for two datasets, and one piece of work asked for twice.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { buildFile, type BuildFile } from '#contract/build-file.ts';
import { goodRows } from './dataset-files.ts';
import { assertNothingHalfMade, forge, newFolder, newHome } from './forge-command.ts';

/** A version that got as far as its plan: what is in it must not be touched by another dataset. */
function plannedBuild(name: string): BuildFile {
  const stamp = {
    state: 'done',
    inputsDigest: 'd',
    text: '',
    seconds: 1,
    finishedAt: 1,
    job: null,
    output: {},
    artefacts: [],
  };
  return buildFile.parse({
    ...{ v: 1, id: `${name}-v1`, name, version: 1, createdAt: 1, updatedAt: 1, notes: [], failure: null },
    request: { export: true, deployToOllama: 'auto' },
    ...{ requestDigest: 'another dataset', state: 'interrupted', steps: { dataset: stamp, plan: stamp } },
  });
}

test('a name that is taken by another dataset gets the next version, and the command says so', async (t) => {
  const [home, folder] = [await newHome(t), await newFolder(t)];
  const first = path.join(home, 'models', 'parcels', 'v1', 'build.json');
  mkdirSync(path.dirname(first), { recursive: true });
  const before = JSON.stringify(plannedBuild('parcels'));
  writeFileSync(first, before);
  const dataset = path.join(folder, 'Parcels.csv');
  writeFileSync(dataset, goodRows(60));
  // Without Python it ends at the environment; by then the version is chosen.
  const done = await forge(['train', '--dataset', dataset, '--home', home], {
    PATH: folder,
    FORGE_NETWORK_OFFLINE: 'false',
  });
  assert.equal(done.code, 3, done.err);
  assert.match(done.err, /^parcels:v1 is kept: another dataset or other settings make parcels:v2\n/);
  assert.equal(readFileSync(first, 'utf8'), before);
  assert.deepEqual(readdirSync(path.join(home, 'models', 'parcels')).toSorted(), ['v1', 'v2']);
  assertNothingHalfMade(home);
});

/** Stands in for uv and takes its time before it answers nothing: the work stays at the environment for so long. */
const slowUv = '#!/bin/sh\n/bin/sleep 6\n';

test(
  'the same work asked for twice is done once: the second command joins and both end alike',
  { skip: process.platform === 'win32' && 'NOT CHECKED: the stand-in for uv is a shell script' },
  async (t) => {
    const [home, folder] = [await newHome(t), await newFolder(t)];
    const dataset = path.join(folder, 'parcels.csv');
    writeFileSync(dataset, goodRows(60));
    writeFileSync(path.join(folder, 'uv'), slowUv);
    chmodSync(path.join(folder, 'uv'), 0o755);
    const environment = { PATH: folder, FORGE_NETWORK_OFFLINE: 'false' };
    const words = ['train', '--dataset', dataset, '--home', home];
    const first = forge(words, environment);
    const build = path.join(home, 'models', 'parcels', 'v1', 'build.json');
    await until(() => readFileSync(build, 'utf8').includes('"dataset": {\n      "state": "done"'));
    const second = await forge(words, environment);
    const { code, err } = await first;
    assert.match(second.err, /^parcels:v1 is being made already, by another command; this one joins it\n/);
    const failures = [err, second.err].map((text) => text.slice(text.indexOf('Error  ')));
    assert.match(failures[0] ?? '', /^Error {2}No Python 3\.11 or newer was found/);
    assert.deepEqual([second.code, failures[1]], [code, failures[0]]);
    assert.deepEqual(readdirSync(path.join(home, 'models', 'parcels')), ['v1']);
    assertNothingHalfMade(home);
  },
);

async function until(what: () => boolean, timeoutMs = 30_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(50)) {
    try {
      if (what()) return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new Error('it did not happen in time');
}
