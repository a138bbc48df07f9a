import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { ForgeClient } from '#contract/client.ts';
import { importRequest, pageRequest, type FoundryJob } from '#contract/dataset-versions.ts';
import { previewRequest } from '#contract/import-preview.ts';
import { atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { startEngine } from './harness/engine-under-test.ts';
import { listed } from './harness/statistics.ts';

const [fullRows, quickRows] = [1_000_000, 20_000];
const [fullBusyRows, quickBusyRows] = [200_000, 10_000];
const bars = { pageMs: 150, previewMs: 2_000, answerMs: 50 };
const pieceRows = 2_000;
const pauseMs = 20;
/** A person needs longer than this from the list of datasets to a click on one. */
const lookAtListMs = 1_500;
const millions = `${(fullRows / 1e6).toLocaleString('en')} M rows`;

/** Whether a large dataset is looked at without waiting, and whether the engine answers while it works on one. */
export const dataPagesBenchmark: Benchmark = {
  name: 'data-pages',
  question: `A version of ${fullRows.toLocaleString('en')} rows in an engine that was just started, over the WebSocket that the window uses: the first page of 100 rows, then pages sorted by each column in both directions, at the beginning and far down, and filtered by kind, flag and group, each asked for the first time. The preview of its file. Then, every ${pauseMs} ms, how long the engine takes for its smallest answer while it imports ${fullBusyRows.toLocaleString('en')} rows and looks for exact and near duplicates in them.`,
  minutes: 3,
  promises: [
    { name: `first page of ${millions}`, bar: `at most ${bars.pageMs} ms` },
    { name: `slowest sorted page of ${millions}`, bar: `at most ${bars.pageMs} ms` },
    { name: `slowest filtered page of ${millions}`, bar: `at most ${bars.pageMs} ms` },
    { name: `preview of ${millions}`, bar: `at most ${bars.previewMs / 1_000} s` },
    { name: 'slowest answer of the engine during an import and de-duplication', bar: `at most ${bars.answerMs} ms` },
  ],
  async run(settings) {
    const folder = await mkdtemp(path.join(tmpdir(), 'forge-bench-pages-'));
    try {
      return await measure(folder, settings);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function measure(folder: string, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const [many, busy] = [path.join(folder, 'many.jsonl'), path.join(folder, 'busy.jsonl')];
  const [manyRows, busyRows] = [quick ? quickRows : fullRows, quick ? quickBusyRows : fullBusyRows];
  await writeRows(many, manyRows);
  await writeRows(busy, busyRows);
  const first = await startEngine(folder);
  try {
    const startMs = performance.now();
    await importRows(first.client, many, 'many');
    say(`${manyRows} rows imported in ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
  } finally {
    await first.stop();
  }
  const engine = await startEngine(folder);
  try {
    await engine.client.foundry.list();
    await sleep(lookAtListMs);
    const pages = await pageFigures(engine.client, manyRows);
    return [...pages, await previewFigure(engine.client, many), await answerFigure(engine.client, busy)];
  } finally {
    await engine.stop();
  }
}

type Asked = Partial<z.input<typeof pageRequest>>;

/** How long a page takes that nobody asked for before, ms. */
async function timePage(client: ForgeClient, asked: Asked): Promise<number> {
  const request = pageRequest.parse({ name: 'many', version: 1, ...asked });
  const startMs = performance.now();
  const { rows } = await client.foundry.page(request);
  if (rows.length === 0) throw new Error(`An empty page: ${JSON.stringify(asked)}`);
  return performance.now() - startMs;
}

async function pageFigures(client: ForgeClient, rows: number): Promise<Figure[]> {
  const first = await timePage(client, {});
  const columns = ['place', 'promptCharacters', 'answerCharacters', 'source', 'group', 'kind', 'flags'] as const;
  const [sorted, filtered]: [Timed[], Timed[]] = [[], []];
  for (const by of columns)
    for (const descending of [false, true])
      for (const offset of [0, rows - 200]) {
        const ms = await timePage(client, { sort: { by, descending }, offset });
        sorted.push({ name: `${by} ${descending ? 'down' : 'up'} at ${offset}`, ms });
      }
  const filters: readonly [name: string, filter: Asked['filter']][] = [
    ['kind', { kind: 'sft' }],
    ['flag', { flag: 'DUP_ID' }],
    ['kind and flag', { kind: 'sft', flag: 'DUP_ID' }],
  ];
  for (const [name, filter] of filters) {
    filtered.push({ name, ms: await timePage(client, { filter }) });
    const sort = { by: 'answerCharacters', descending: true } as const;
    filtered.push({ name: `${name}, sorted`, ms: await timePage(client, { filter, sort }) });
  }
  return [
    figureOf(`first page of ${millions}`, [{ name: 'it', ms: first }]),
    figureOf(`slowest sorted page of ${millions}`, sorted),
    figureOf(`slowest filtered page of ${millions}`, filtered),
  ];
}

interface Timed {
  readonly name: string;
  readonly ms: number;
}

function figureOf(name: string, timed: readonly Timed[]): Figure {
  const [slowest] = timed.toSorted((one, other) => other.ms - one.ms);
  const detail = `${slowest?.name ?? ''}; ms of all: ${listed(timed.map(({ ms }) => ms))}`;
  return { name, value: slowest?.ms ?? Number.NaN, unit: 'ms', bar: atMost(bars.pageMs), detail };
}

async function previewFigure(client: ForgeClient, file: string): Promise<Figure> {
  const startMs = performance.now();
  await client.foundry.preview(previewRequest.parse({ paths: [file] }));
  const seconds = (performance.now() - startMs) / 1_000;
  const detail = 'Format, columns, first and worst rows, over the wire';
  return { name: `preview of ${millions}`, value: seconds, unit: 's', bar: atMost(bars.previewMs / 1_000), detail };
}

/** Asks again and again for as long as the work takes. */
async function answerFigure(client: ForgeClient, file: string): Promise<Figure> {
  const took: number[] = [];
  const work = new AbortController();
  const asking = (async () => {
    while (!work.signal.aborted) {
      const startMs = performance.now();
      await client.engine.status();
      took.push(performance.now() - startMs);
      await sleep(pauseMs);
    }
  })();
  await importRows(client, file, 'busy');
  const request = { check: 'dedupe', name: 'busy', version: 1, over: 'both', threshold: 0.8, keep: 'longest' } as const;
  await ended(client, await client.foundry.check({ request, requestId: 'bench-dedupe' }));
  work.abort();
  await asking;
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return {
    name: 'slowest answer of the engine during an import and de-duplication',
    value: sorted.at(-1) ?? Number.NaN,
    unit: 'ms',
    bar: atMost(bars.answerMs),
    detail: `${took.length} answers; median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`,
  };
}

async function importRows(client: ForgeClient, file: string, name: string): Promise<void> {
  const request = importRequest.parse({ paths: [file], name });
  await ended(client, await client.foundry.import({ request, requestId: `bench-${name}` }));
}

async function ended(client: ForgeClient, { id }: FoundryJob): Promise<void> {
  let last: FoundryJob | null = null;
  for await (const job of await client.foundry.watch({ job: id })) last = job;
  if (last?.state !== 'done') throw new Error(`A job ended as ${last?.state}: ${JSON.stringify(last?.failure)}`);
}

/** Conversations of different lengths; every tenth shares its id with the one before and is flagged for it. */
async function writeRows(file: string, rows: number): Promise<void> {
  const output = createWriteStream(file);
  const lineOf = (index: number): string =>
    JSON.stringify({
      id: `row-${index % 10 === 9 ? index - 1 : index}`,
      prompt: `Question ${(index * 7_919) % rows} of many?`,
      answer: `${'word '.repeat(1 + (index % 60))}${index}.`,
    });
  for (let index = 0; index < rows; index += pieceRows) {
    const piece = Array.from({ length: Math.min(pieceRows, rows - index) }, (_, step) => lineOf(index + step));
    if (!output.write(`${piece.join('\n')}\n`)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
}
