import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '#contract/jobs.ts';
import { mulberry32 } from '#core/random/mulberry32.ts';
import { scanProcesses, stillListed, type ScannedProcess } from './process-scan.ts';
import { engineScript, RestartedEngine, settle } from './restarted-engine.ts';

const kills = Number(process.env['FORGE_KILLS'] ?? 20);
const seed = Number(process.env['FORGE_SEED'] ?? 7);
const steps = 40;
const roles = ['worker', 'launcher', 'host', 'engine'] as const;

type Seen = Map<string, ScannedProcess>;

function note(seen: Seen, processes: readonly ScannedProcess[]): void {
  for (const found of processes) seen.set(`${found.pid}/${found.startTicks}`, found);
}

/** What of it is still there after at most ten seconds: a busy machine takes a moment to bury its dead. */
async function leftOver(seen: Seen): Promise<readonly string[]> {
  const deadline = Date.now() + 10_000;
  while (stillListed(seen.values()).length > 0 && Date.now() < deadline) await sleep(100);
  return stillListed(seen.values()).map(({ pid, role }) => `${pid} ${role}`);
}

async function killOne(home: string, random: () => number, seen: Seen): Promise<string> {
  const role = roles[Math.floor(random() * roles.length)];
  for (let look = 0; look < 20; look += 1) {
    const processes = scanProcesses(home, engineScript);
    note(seen, processes);
    const victim = processes.find((candidate: ScannedProcess) => candidate.role === role);
    if (victim !== undefined) {
      process.kill(victim.pid, 'SIGKILL');
      return victim.role;
    }
    await sleep(50);
  }
  return 'nobody';
}

test(`kill -9 of worker, launcher, job host or engine, ${kills} times: every run succeeds with every step once`, async (context) => {
  const home = mkdtempSync(join(tmpdir(), 'forge-kills-'));
  const random = mulberry32(seed);
  const engine = new RestartedEngine(home);
  context.after(() => engine.kill());
  const seen: Seen = new Map();
  const victims: Record<string, number> = {};
  let done = 0;
  let attempts = 0;
  while (done < kills) {
    const requestId = randomUUID();
    const payload = { steps, stepMs: 25, checkpointEvery: 5 };
    const job = (await engine.ask({ kind: 'submit', requestId, payload })) as JobView;
    for (let round = random() < 0.3 ? 2 : 1; round > 0 && done < kills; round -= 1) {
      await sleep(random() * 1_300);
      const victim = await killOne(home, random, seen);
      victims[victim] = (victims[victim] ?? 0) + 1;
      if (victim !== 'nobody') done += 1;
    }
    const view = await settle(engine, job.id);
    attempts += view.attempt;
    assert.equal(view.state, 'succeeded', JSON.stringify({ seed, done, view }));
    const reached = await engine.ask({ kind: 'steps', jobId: job.id });
    assert.deepEqual(
      reached,
      Array.from({ length: steps }, (_, index) => index + 1),
    );
    assert.deepEqual(await engine.ask({ kind: 'leases' }), []);
  }
  assert.deepEqual(await engine.ask({ kind: 'tables' }), [], 'the index rebuilt from the run folders is the same');
  await engine.ask({ kind: 'stop' });
  note(seen, scanProcesses(home, engineScript));
  assert.deepEqual(await leftOver(seen), [], 'no orphan and no zombie is left');
  console.log(
    JSON.stringify({ seed, kills, victims, attempts, engineStarts: engine.starts, processesSeen: seen.size }),
  );
  rmSync(home, { recursive: true, force: true });
});
