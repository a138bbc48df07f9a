// A person's own files, as they are, by `forge train --dataset FILE` and nothing else: a table of mails with labels, and conversations in JSONL.
// The home lies in the test cache: Python and the prepared base outlive a run, so only the two trainings are paid for.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { mainJobResult, type MainJobResult } from '#contract/main-job.ts';
import type { ModelVersion } from '#contract/models.ts';
import { testCache } from '../fixtures/base-gguf.ts';
import { npmCommand, type Finished } from './npm-command.ts';

const fixtures = path.join(import.meta.dirname, '..', 'fixtures', 'own-datasets');
const home = path.join(process.env['FORGE_TEST_CACHE'] ?? testCache, 'end-to-end-home');
/** What is slow to make and the same for every run; all else of an earlier run goes. */
const kept: readonly string[] = ['envs', 'tools', 'base-models', 'cache'];
const forge = (...words: string[]): Promise<Finished> => npmCommand('forge', words, home);

/** Where the person keeps the files: a name with blanks and letters beyond ASCII. */
let folder = '';

before(async () => {
  await mkdir(home, { recursive: true });
  await forge('stop', '--json');
  for (const name of await readdir(home))
    if (!kept.includes(name)) await rm(path.join(home, name), { recursive: true, force: true });
  folder = await mkdtemp(path.join(tmpdir(), 'Mina filer å '));
});
after(async () => {
  await forge('stop', '--json');
  await rm(folder, { recursive: true, force: true });
});

async function train(t: TestContext, name: string): Promise<MainJobResult> {
  const file = path.join(folder, name);
  await copyFile(path.join(fixtures, name), file);
  const done = await forge('train', '--dataset', file, '--json');
  assert.equal(done.code, 0, done.stderr.slice(-4000));
  const result = mainJobResult.parse(JSON.parse(done.stdout));
  const { baseScore, tunedScore, trainSeconds, stepSeconds } = result;
  t.diagnostic(
    `${done.seconds.toFixed(0)} s, of these ${trainSeconds.toFixed(0)} s training; ${baseScore} to ${tunedScore}; ${JSON.stringify(stepSeconds)}`,
  );
  return result;
}

/** The file is the one that was measured, the list knows it, and it answers. */
async function assertUsable(result: MainJobResult, question: string): Promise<string> {
  const { name, ggufPath, ggufSha256 } = result;
  assert.ok(ggufPath !== null && ggufSha256 !== null);
  assert.equal(createHash('sha256').update(readFileSync(ggufPath)).digest('hex'), ggufSha256);
  const listed = JSON.parse((await forge('models', 'list', '--json')).stdout) as ModelVersion[];
  const model = listed.find((entry) => entry.name === name && entry.version === result.version);
  assert.deepEqual(
    [model?.state, model?.ggufSha256, model?.tunedScore, model?.interval],
    ['ready', ggufSha256, result.tunedScore, result.interval],
  );
  const asked = await forge('inference', name, question, '--json');
  assert.equal(asked.code, 0, asked.stderr);
  const { answer, model: answering } = JSON.parse(asked.stdout) as { answer: string; model: string };
  assert.equal(answering.startsWith(name), true, answering);
  assert.notEqual(answer.trim(), '');
  return answer;
}

test('a table of mails and labels becomes a measured model with its interval', { timeout: 20 * 60_000 }, async (t) => {
  const result = await train(t, 'shop-mails.csv');
  assert.deepEqual([result.name, result.version], ['shop-mails', 1]);
  assert.deepEqual(result.rows, { train: 35, validation: 8, heldOut: 20, heldOutGroups: 20, rejected: 0 });
  const { baseScore, tunedScore, delta, interval } = result;
  assert.ok(baseScore !== null && tunedScore !== null && delta !== null && interval !== null, result.verdict);
  assert.ok(Math.abs(tunedScore - baseScore - delta) < 1e-6);
  assert.ok(interval[0] <= delta && delta <= interval[1], JSON.stringify(interval));
  assert.ok(delta > 0, `it learned the labels: ${result.verdict}`);
  const answer = await assertUsable(result, 'The parcel never came, where is it?');
  assert.match(answer, /^(refund|delivery|account|product)$/i);
});

test(
  'conversations in JSONL become one as well, and too few rows for an interval are said',
  { timeout: 20 * 60_000 },
  async (t) => {
    const result = await train(t, 'appointments.jsonl');
    assert.deepEqual([result.name, result.version], ['appointments', 1]);
    assert.deepEqual(result.rows, { train: 21, validation: 6, heldOut: 13, heldOutGroups: 13, rejected: 0 });
    assert.ok(result.baseScore !== null && result.tunedScore !== null && result.delta !== null);
    assert.equal(result.interval, null);
    assert.match(result.verdict, /13 .*at least 20 groups are needed/);
    await assertUsable(result, 'doctor on monday at three pm');
  },
);
