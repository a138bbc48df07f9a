// The main job for real: SmolLM2-135M, the shipped dataset, a fresh FORGE_HOME, through `npm run quickstart` as a person types it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { mainJobResult, mainJobSteps, type MainJobResult } from '#contract/main-job.ts';
import { npmCommand } from './npm-command.ts';

/** A folder name as people have them: spaces and letters beyond ASCII. */
let home = '';

before(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'Försök med mellanslag '));
});
after(async () => {
  await npmCommand('forge', ['stop', '--json'], home);
  await rm(home, { recursive: true, force: true });
});

let first: MainJobResult;

test(
  'quickstart goes from the shipped dataset to a proven, served model and prints one JSON object',
  { timeout: 20 * 60_000 },
  async (t) => {
    const done = await npmCommand('quickstart', ['--once', '--json'], home);
    assert.equal(done.code, 0, done.stderr.slice(-4000));
    first = mainJobResult.parse(JSON.parse(done.stdout));
    t.diagnostic(
      `first run ${done.seconds.toFixed(0)} s; ${first.baseScore} to ${first.tunedScore}; ${JSON.stringify(first.stepSeconds)}`,
    );
    assert.equal(first.profile === 'cuda' || first.profile === 'mlx' || first.profile === 'cpu', true);
    assert.ok(first.rows.heldOut >= 80 && first.rows.heldOutGroups >= 40, JSON.stringify(first.rows));
    assert.ok(first.delta !== null && first.delta >= 60, `the tuned model gains ${first.delta} points`);
    assert.ok(first.interval !== null && first.interval[0] > 0);
    assert.ok(
      first.parity?.tokens.passed &&
        first.parity.template.passed &&
        first.parity.logits.passed &&
        first.parity.greedy.passed,
    );
    assert.deepEqual(Object.keys(first.stepSeconds), [...mainJobSteps]);
  },
);

test('the file it names has the digest it names, and the served answer is a verdict in JSON', () => {
  assert.ok(first.ggufPath !== null && first.ggufSha256 !== null && first.served !== null);
  assert.equal(createHash('sha256').update(readFileSync(first.ggufPath)).digest('hex'), first.ggufSha256);
  const verdict = JSON.parse(first.served.answer) as Record<string, unknown>;
  assert.deepEqual(Object.keys(verdict).sort(), ['language', 'product', 'queue', 'urgency']);
});

test('run again it reuses what is valid, says so and is quick', { timeout: 5 * 60_000 }, async (t) => {
  const done = await npmCommand('quickstart', ['--once', '--json'], home);
  assert.equal(done.code, 0, done.stderr.slice(-4000));
  const second = mainJobResult.parse(JSON.parse(done.stdout));
  t.diagnostic(`second run ${done.seconds.toFixed(1)} s`);
  assert.deepEqual(
    [second.version, second.ggufSha256, second.tunedScore, second.served?.answer],
    [first.version, first.ggufSha256, first.tunedScore, first.served?.answer],
  );
  assert.deepEqual(
    ['dataset', 'plan', 'base-export', 'baseline', 'train', 'export', 'parity', 'evaluate'].filter(
      (step) => !second.reused.includes(step),
    ),
    [],
  );
  // The bar is 20 s to serving (docs/measured.md); a shared machine gets twice that before the test fails.
  assert.ok(done.seconds < 40, `${done.seconds} s`);
});
