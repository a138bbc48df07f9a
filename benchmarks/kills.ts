import { z } from 'zod';
import { atLeast, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { inRepository } from './harness/places.ts';
import { runProcess } from './harness/run-process.ts';

const fullKills = 200;
const quickKills = 3;
const timeoutMs = 60 * 60_000;

/** What tests/faults/kills.slow.test.ts prints when every run succeeded. */
const summary = z.object({
  seed: z.number(),
  kills: z.number().int(),
  victims: z.record(z.string(), z.number()),
  attempts: z.number().int(),
  engineStarts: z.number().int(),
});

/** `kill -9` at random moments; the suite that tests it tells the figures. */
export const killsBenchmark: Benchmark = {
  name: 'kills',
  question: `kill -9 of worker, launcher, job host or engine at random moments, ${fullKills} times: every run succeeds with every step once, and no process or lease is left.`,
  minutes: 15,
  promises: [{ name: 'kills recovered from', bar: `all ${fullKills}` }],
  run: measure,
};

async function measure({ quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const wanted = quick ? quickKills : fullKills;
  const suite = inRepository('tests', 'faults', 'kills.slow.test.ts');
  const end = await runProcess(process.execPath, [suite], { environment: { FORGE_KILLS: String(wanted) }, timeoutMs });
  if (end.code !== 0) throw new Error(`a kill was not recovered from:\n${end.stdout.slice(-4_000)}`);
  const { seed, kills, victims, attempts, engineStarts } = summaryIn(end.stdout);
  const killed = Object.entries(victims).map(([role, count]) => `${role} ${count}`);
  say(`${kills} kills in ${end.seconds.toFixed(0)} s`);
  return [
    {
      name: 'kills recovered from',
      value: kills,
      unit: `of ${wanted}`,
      bar: atLeast(wanted),
      detail: `Seed ${seed}; killed: ${killed.join(', ')}; ${attempts} attempts, ${engineStarts} engine starts`,
    },
  ];
}

function summaryIn(stdout: string): z.infer<typeof summary> {
  const line = stdout.split('\n').find((each) => each.includes('{"seed":'));
  if (line === undefined) throw new Error(`the kill suite printed no summary:\n${stdout.slice(-2_000)}`);
  return summary.parse(JSON.parse(line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1)));
}
