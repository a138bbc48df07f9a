// `npm run bench`: measures what docs/measured.md promises and writes it there.
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { dataReadBenchmark } from './data-read.ts';
import { dataPagesBenchmark } from './data-pages.ts';
import { dataChecksBenchmark } from './data-checks.ts';
import { dataScriptsBenchmark } from './data-scripts.ts';
import { dataStudyBenchmark } from './data-study.ts';
import { decodeBenchmark } from './decode.ts';
import { engineBenchmark } from './engine.ts';
import { eventsBenchmark } from './events.ts';
import { NotMeasurable, verdictOf, type Benchmark, type Figure } from './harness/benchmark.ts';
import { describeCommit, describeMachine } from './harness/describe-machine.ts';
import { mergeMeasured, readMeasured, writeWhole, type Measurement } from './harness/measured-file.ts';
import { inRepository } from './harness/places.ts';
import { quantity, renderReport } from './harness/report.ts';
import { killsBenchmark } from './kills.ts';
import { quickstartBenchmark } from './quickstart.ts';
import { resumeBenchmark } from './resume.ts';
import { sharedBenchmark } from './shared.ts';
import { trainBenchmark } from './train.ts';
import { windowBuildBenchmark } from './window-build.ts';
import { windowLoadBenchmark } from './window-load.ts';
import { windowSizeBenchmark } from './window-size.ts';
import { windowStartBenchmark } from './window-start.ts';
import { windowTableBenchmark } from './window-table.ts';
import { windowWireBenchmark } from './window-wire.ts';

/** In the order of the table, and of a run: what makes the cached home comes first among those that need it. */
const benchmarks: readonly Benchmark[] = [
  quickstartBenchmark,
  trainBenchmark,
  sharedBenchmark,
  decodeBenchmark,
  engineBenchmark,
  eventsBenchmark,
  killsBenchmark,
  resumeBenchmark,
  windowSizeBenchmark,
  windowStartBenchmark,
  windowLoadBenchmark,
  windowTableBenchmark,
  windowWireBenchmark,
  windowBuildBenchmark,
  dataReadBenchmark,
  dataChecksBenchmark,
  dataStudyBenchmark,
  dataPagesBenchmark,
  dataScriptsBenchmark,
];

const dataFile = inRepository('docs', 'measured.json');
const reportFile = inRepository('docs', 'measured.md');

const help = `npm run bench -- [--only name,name] [--quick] [--list] [--render]

  --only    these benchmarks; default all
  --quick   shows that they work; nothing is written to docs
  --list    names, what they compare, how long they take
  --render  writes docs/measured.md anew from docs/measured.json

Results go to docs/measured.json and docs/measured.md. Exit code: 0 measured (whatever the verdicts), 1 a benchmark failed, 2 unknown option.`;

interface Options {
  readonly chosen: readonly Benchmark[];
  readonly quick: boolean;
  readonly action: 'run' | 'list' | 'render' | 'help';
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = values.only?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => benchmarks.every((benchmark) => benchmark.name !== name));
  if (unknown !== undefined)
    throw new TypeError(
      `There is no benchmark "${unknown}". One of: ${benchmarks.map(({ name }) => name).join(', ')}.`,
    );
  const chosen = benchmarks.filter(({ name }) => names?.includes(name) ?? true);
  const action = values.help ? 'help' : values.list ? 'list' : values.render ? 'render' : 'run';
  return { chosen, quick: values.quick, action };
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${help}\n`);
    process.exit(2);
  }
}

function list(): void {
  for (const { name, minutes, question, promises } of benchmarks) {
    process.stdout.write(`${name} (about ${minutes} min)\n  ${question}\n`);
    for (const promise of promises) process.stdout.write(`  ${promise.name}: ${promise.bar}\n`);
  }
}

/** One benchmark as a measurement; null when it failed, which is told on standard error. */
async function measure(benchmark: Benchmark, quick: boolean): Promise<Measurement | null> {
  const { name } = benchmark;
  const circumstances = {
    benchmark: name,
    date: new Date().toISOString(),
    commit: await describeCommit(),
    command: `npm run bench -- --only ${name}${quick ? ' --quick' : ''}`,
    machine: describeMachine(),
    loadBefore: loadavg()[0] ?? 0,
  };
  process.stdout.write(`\n== ${name} (about ${benchmark.minutes} min${quick ? ' without --quick' : ''})\n`);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  try {
    const figures = await benchmark.run({ quick, say: (line) => void process.stdout.write(`   ${line}\n`) });
    for (const figure of figures) show(figure);
    return { ...circumstances, seconds: seconds(), figures: [...figures], obstacle: null };
  } catch (error) {
    if (error instanceof NotMeasurable) {
      process.stdout.write(`   not measured: ${error.message}\n`);
      return { ...circumstances, seconds: seconds(), figures: [], obstacle: error.message };
    }
    process.stderr.write(
      `FAILED: ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return null;
  }
}

function show(figure: Figure): void {
  const bar =
    figure.bar === null ? '' : ` (${figure.bar.kind} ${quantity(figure.bar.value, figure.unit)}: ${verdictOf(figure)})`;
  process.stdout.write(`-- ${figure.name}: ${quantity(figure.value, figure.unit)}${bar}\n   ${figure.detail}\n`);
}

/** Written after each benchmark: an hour of measuring is not lost when a later one is interrupted. */
async function record(added: readonly Measurement[]): Promise<void> {
  const merged = mergeMeasured(await readMeasured(dataFile), added);
  await writeWhole(dataFile, `${JSON.stringify(merged, null, 2)}\n`);
  await writeWhole(reportFile, renderReport(benchmarks, merged));
}

async function run({ chosen, quick }: Options): Promise<number> {
  let failures = 0;
  for (const benchmark of chosen) {
    const measurement = await measure(benchmark, quick);
    if (measurement === null) failures += 1;
    else if (!quick) await record([measurement]);
  }
  if (quick) process.stdout.write('\nNothing was written down: --quick only shows that the benchmarks work.\n');
  else process.stdout.write(`\nWritten to docs/measured.md (${(await readFile(reportFile)).length} bytes).\n`);
  return failures === 0 ? 0 : 1;
}

const options = optionsOrExit();
if (options.action === 'help') process.stdout.write(`${help}\n`);
else if (options.action === 'list') list();
else if (options.action === 'render') await record([]);
else process.exitCode = await run(options);
