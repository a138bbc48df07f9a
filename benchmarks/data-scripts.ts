import { z } from 'zod';
import { atLeast, NotMeasurable, type Benchmark, type Figure } from './harness/benchmark.ts';
import { inRepository } from './harness/places.ts';
import { runToSuccess } from './harness/run-process.ts';
import { listed, median } from './harness/statistics.ts';

const [fullRows, quickRows] = [20_000, 500];
const timeoutMs = 10 * 60_000;
/** D-29: a script may take 60 s for 10,000 rows; a sandbox that needs a tenth of it for itself leaves none for the script. */
const slowest = 10_000 / 6;

const measured = z.array(
  z.object({
    name: z.string(),
    probeMs: z.number(),
    rounds: z.array(z.object({ startMs: z.number(), rowsPerSecond: z.number() })).min(1),
  }),
);
type Measured = z.infer<typeof measured>[number];

const tiers = ['bubblewrap', 'deno', 'page', 'container'] as const;

function figuresOf({ name, probeMs, rounds }: Measured): Figure[] {
  const [starts, rates] = [rounds.map(({ startMs }) => startMs), rounds.map(({ rowsPerSecond }) => rowsPerSecond)];
  return [
    {
      ...{ name: `${name}: rows through a script`, value: Math.round(median(rates)), unit: 'rows/s' },
      ...{ bar: atLeast(Math.round(slowest)), detail: `median of ${listed(rates.map(Math.round))}` },
    },
    {
      ...{ name: `${name}: start with a script loaded`, value: Math.round(median(starts)), unit: 'ms' },
      ...{
        bar: null,
        detail: `tried before that in ${Math.round(probeMs)} ms, ${name === 'page' ? 'each time' : 'once a day'}`,
      },
    },
  ];
}

/** The sandboxes of data scripts: how long each takes to start, and how many rows go through. */
export const dataScriptsBenchmark: Benchmark = {
  name: 'data-scripts',
  question: `${fullRows.toLocaleString('en')} rows of about 500 characters through a cleaning script in each sandbox that this machine has, in messages of 5,000; the page is the desktop's, in Chromium.`,
  minutes: 2,
  promises: tiers.flatMap((name) => [
    { name: `${name}: rows through a script`, bar: `at least ${Math.round(slowest)} rows/s` },
    { name: `${name}: start with a script loaded`, bar: '' },
  ]),
  async run({ quick, say }) {
    const program = inRepository('tests', 'sandbox', 'measure-sandboxes.ts');
    const args = [program, String(quick ? quickRows : fullRows), quick ? '1' : '3'];
    const { stdout } = await runToSuccess(process.execPath, args, { timeoutMs });
    const found = measured.parse(JSON.parse(stdout));
    if (found.length === 0) throw new NotMeasurable('no sandbox holds on this machine');
    say(`measured: ${found.map(({ name }) => name).join(', ')}`);
    return found.flatMap(figuresOf);
  },
};
