import { mkdtemp, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  atLeast,
  atMost,
  NotMeasurable,
  type Benchmark,
  type BenchmarkSettings,
  type Figure,
} from './harness/benchmark.ts';
import { writeDataFiles, writeLargeFile } from './harness/data-files.ts';
import { dataPeersPython } from './harness/data-peers.ts';
import { cacheFolder, inRepository } from './harness/places.ts';
import { runToSuccess } from './harness/run-process.ts';
import { listed, median } from './harness/statistics.ts';

const bars = {
  csv: 1,
  jsonl: 1,
  parquet: 0.4,
  peakMegabytes: 300,
  grownMegabytes: 10,
  previewSeconds: 2,
  previewMegabytes: 64,
};
const megabyte = 1_000_000;
const timeoutMs = 20 * 60_000;

/** How fast files of examples are read, against the readers that people use in Python, and whether memory stays bounded. */
export const dataReadBenchmark: Benchmark = {
  name: 'data-read',
  question:
    'Records of one CSV, one JSONL and one Parquet file with the same rows, every record handed over as a value and the file’s digest taken, against load_dataset of Hugging Face datasets (CSV, JSONL) and pyarrow to Python objects (Parquet); whole processes without their start. Then a file of 10 GB.',
  minutes: 8,
  promises: [
    { name: 'CSV against Hugging Face datasets', bar: `at least ${bars.csv} times as fast` },
    { name: 'JSONL against Hugging Face datasets', bar: `at least ${bars.jsonl} times as fast` },
    { name: 'Parquet against pyarrow', bar: `at least ${bars.parquet} times as fast` },
    { name: 'peak memory over 10 GB', bar: `at most ${bars.peakMegabytes} MB` },
    { name: 'memory gained after the first GB', bar: `at most ${bars.grownMegabytes} MB` },
    { name: 'preview of 10 GB', bar: `at most ${bars.previewSeconds} s` },
    { name: 'memory of a preview of 10 GB', bar: `at most ${bars.previewMegabytes} MB` },
  ],
  run: measure,
};

const reading = z.object({ records: z.number(), seconds: z.number(), cpuSeconds: z.number().optional() });
const largeReading = reading.extend({ peakBytes: z.number(), peakAtFirstGibibyte: z.number() });
const previewing = z.object({ seconds: z.number(), grownBytes: z.number() });

async function ours(action: 'read' | 'preview', file: string): Promise<unknown> {
  const script = inRepository('tests', 'fixtures', 'read-records-process.ts');
  const { stdout } = await runToSuccess(process.execPath, [script, action, file], { timeoutMs });
  return JSON.parse(stdout);
}

async function peer(python: string, ...args: string[]): Promise<z.infer<typeof reading>> {
  const { stdout } = await runToSuccess(python, [inRepository('benchmarks', 'data_peers.py'), ...args], { timeoutMs });
  return reading.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

interface Files {
  readonly csv: string;
  readonly jsonl: string;
  readonly parquet: string;
  readonly large: string;
}

async function measure({ quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const python = await dataPeersPython(say);
  const folder = await mkdtemp(path.join(cacheFolder, 'data-read-'));
  const file = (name: string): string => path.join(folder, name);
  const files: Files = {
    csv: file('rows.csv'),
    jsonl: file('rows.jsonl'),
    parquet: file('rows.parquet'),
    large: file('large.jsonl'),
  };
  try {
    const rows = quick ? 50_000 : 500_000;
    say(`writing ${rows.toLocaleString('en')} rows three times`);
    await writeDataFiles(files, rows);
    await peer(python, 'write', files.jsonl, files.parquet);
    const rounds = quick ? 1 : 5;
    const speed = await speedFigures(python, files, rounds);
    return [...speed, ...(await largeFigures(files, { quick, say }))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function speedFigures(python: string, files: Files, rounds: number): Promise<Figure[]> {
  const compare = async (kind: 'csv' | 'jsonl' | 'parquet', action: string, name: string): Promise<Figure> => {
    const [mine, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const one = reading.parse(await ours('read', files[kind]));
      const other = await peer(python, action, files[kind]);
      if (one.records !== other.records) throw new Error(`${kind}: ${one.records} records against ${other.records}`);
      mine.push(one.records / one.seconds / 1_000);
      theirs.push(other.records / other.seconds / 1_000);
    }
    return {
      name,
      value: median(mine.map((rate, index) => rate / (theirs[index] ?? Number.NaN))),
      unit: 'x',
      bar: atLeast(bars[kind]),
      detail: `Thousand rows a second ${listed(mine)}; the peer ${listed(theirs)}`,
    };
  };
  return [
    await compare('csv', 'csv', 'CSV against Hugging Face datasets'),
    await compare('jsonl', 'json', 'JSONL against Hugging Face datasets'),
    await compare('parquet', 'parquet', 'Parquet against pyarrow'),
  ];
}

async function largeFigures(files: Files, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const bytes = quick ? 1.3 * 2 ** 30 : 10_000_000_000;
  const { bavail, bsize } = await statfs(path.dirname(files.large));
  if (bavail * bsize < bytes * 1.1) throw new NotMeasurable(`a file of ${bytes / 1e9} GB does not fit on the disk`);
  say(`writing and reading ${(bytes / 1e9).toFixed(1)} GB`);
  await writeLargeFile(files.jsonl, files.large, bytes);
  const read = largeReading.parse(await ours('read', files.large));
  const preview = previewing.parse(await ours('preview', files.large));
  const size = `${(bytes / 1e9).toFixed(1)} GB of JSONL`;
  return [
    {
      name: 'peak memory over 10 GB',
      value: read.peakBytes / megabyte,
      unit: 'MB',
      bar: atMost(bars.peakMegabytes),
      detail: `The whole process; ${size}, ${read.records.toLocaleString('en')} records in ${read.seconds.toFixed(0)} s`,
    },
    {
      name: 'memory gained after the first GB',
      value: (read.peakBytes - read.peakAtFirstGibibyte) / megabyte,
      unit: 'MB',
      bar: atMost(bars.grownMegabytes),
      detail: 'Difference of the peaks after 1 GiB and at the end',
    },
    { name: 'preview of 10 GB', value: preview.seconds, unit: 's', bar: atMost(bars.previewSeconds), detail: size },
    {
      name: 'memory of a preview of 10 GB',
      value: preview.grownBytes / megabyte,
      unit: 'MB',
      bar: atMost(bars.previewMegabytes),
      detail: 'What the process grew by, the code of the readers included',
    },
  ];
}
