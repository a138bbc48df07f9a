import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { dedupeReport, splitReport } from '#contract/dataset-checks.ts';
import { importReport } from '#contract/dataset-versions.ts';
import { studyReport } from '#contract/study.ts';
import { atLeast, atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { commandLineEntry } from './harness/places.ts';
import { runToSuccess } from './harness/run-process.ts';

const [fullRows, quickRows] = [100_000, 3_000];
const [mostSeconds, leastPerSecond] = [60, 50_000];
const timeoutMs = 10 * 60_000;
const pieceRows = 1_000;
/** What `forge data import --json` prints of its report. */
const printedImport = importReport.omit({ warnings: true });

/** The study of a dataset as a person runs it: through the command line, the engine and its worker thread, rows read from the disk. */
export const dataStudyBenchmark: Benchmark = {
  name: 'data-study',
  question: `\`forge study\` over an imported version of ${fullRows.toLocaleString('en')} generated rows of about 100 words (every tenth nearly the same as an earlier one, every fiftieth with an e-mail address, every hundredth declined), and the exact duplicates and the split of the same version. Times are the jobs' own, without the start of the engine.`,
  minutes: 2,
  promises: [
    { name: 'study', bar: `at most ${mostSeconds} s` },
    { name: 'exact de-duplication of a version', bar: `at least ${leastPerSecond} rows/s` },
    { name: 'leaking pairs of the split', bar: 'at most 0' },
  ],
  run: measure,
};

async function measure(settings: BenchmarkSettings): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'forge-bench-study-'));
  const rows = settings.quick ? quickRows : fullRows;
  const forge = async (...args: readonly string[]): Promise<unknown> => {
    const environment = { FORGE_HOME: path.join(folder, 'home') };
    const end = await runToSuccess(process.execPath, [commandLineEntry, ...args, '--json'], { environment, timeoutMs });
    return JSON.parse(end.stdout);
  };
  try {
    const file = path.join(folder, 'rows.jsonl');
    await writeRows(file, rows);
    const imported = printedImport.parse(await forge('data', 'import', file, '--as', 'bench'));
    settings.say(`${imported.accepted} rows imported in ${imported.seconds.toFixed(1)} s`);
    const study = studyReport.parse(await forge('study', 'bench'));
    settings.say(`studied in ${study.seconds.toFixed(1)} s`);
    const exact = dedupeReport.parse(await forge('data', 'dedupe', 'bench', '--exact-only'));
    const split = splitReport.parse(await forge('data', 'split', 'bench'));
    return figuresOf({ study, exact, split });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Reports {
  readonly study: ReturnType<typeof studyReport.parse>;
  readonly exact: ReturnType<typeof dedupeReport.parse>;
  readonly split: ReturnType<typeof splitReport.parse>;
}

function figuresOf({ study, exact, split }: Reports): Figure[] {
  const { duplicates, refusals, pii } = study;
  const { leaks, naive } = split;
  return [
    {
      name: 'study',
      value: study.seconds,
      unit: 's',
      bar: atMost(mostSeconds),
      detail: `${study.rows} rows; found ${duplicates.near.count} near duplicates, ${refusals.count} refusals, ${pii[0]?.findings ?? 0} e-mail addresses`,
    },
    {
      name: 'exact de-duplication of a version',
      value: exact.rows / exact.seconds,
      unit: 'rows/s',
      bar: atLeast(leastPerSecond),
      detail: `${exact.exact} repeats in ${exact.seconds.toFixed(1)} s, reading and parsing the rows included`,
    },
    {
      name: 'leaking pairs of the split',
      value: leaks.exactPairs + leaks.nearPairs,
      unit: 'pairs',
      bar: atMost(0),
      detail: `${split.rows} rows in ${split.seconds.toFixed(1)} s; a random 90/10 split puts ${naive.crossing} of ${naive.pairs} pairs on both sides`,
    },
  ];
}

/** Words as texts have them: few that are everywhere, many that are rare. */
const common =
  'the of and to in is that it for was on are with as be at this have from or by not but what all were when we there can an your which their if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know'.split(
    ' ',
  );

/** mulberry32 (Tommy Ettinger, public domain). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

async function writeRows(file: string, rows: number): Promise<void> {
  const below = numbers(7);
  const word = (): string => (below(4) === 0 ? `term${below(60_000)}` : (common[below(common.length)] ?? ''));
  const text = (length: number): string => Array.from({ length }, word).join(' ');
  const earlier: { prompt: string; answer: string }[] = [];
  const nextRow = (index: number): { prompt: string; answer: string } => {
    const near = index % 10 === 9 ? earlier[below(earlier.length)] : undefined;
    if (near !== undefined) return { prompt: near.prompt, answer: `${near.answer} ${word()}` };
    if (index % 100 === 50)
      return { prompt: `${text(20)}?`, answer: `I'm sorry, but I can't help with that. ${text(6)}.` };
    const mail = index % 50 === 25 ? ` Write to person${index}@example.org.` : '';
    const row = { prompt: `${text(20)}?`, answer: `${text(80)}.${mail}` };
    if (earlier.length < 10_000) earlier.push(row);
    return row;
  };
  const output = createWriteStream(file);
  for (let index = 0; index < rows; index += pieceRows) {
    const piece = Array.from({ length: Math.min(pieceRows, rows - index) }, (_, step) =>
      JSON.stringify(nextRow(index + step)),
    );
    if (!output.write(`${piece.join('\n')}\n`)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
}
