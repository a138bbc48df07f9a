import { existsSync } from 'node:fs';
import { z } from 'zod';
import { atMost, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { inRepository } from './harness/places.ts';
import { runToSuccess } from './harness/run-process.ts';
import { buildWindow, chunkOf, gzipBytes, loadedWith, readManifest, type Manifest } from './window/built-window.ts';

const entry = 'index.html';
const wizardPage = 'features/create/views/create-page.tsx';
const editor = 'features/create/views/plan-editor.tsx';

const firstLoadBarKibibytes = 200;
const editorBarMebibytes = 1.4;
const packedBarMegabytes = 20;
/** Prints `{"appBytes": n}` last: the packed desktop app without Electron's own files and without Python. */
const packedSizeProgram = inRepository('scripts', 'release', 'packed-size.ts');
const packTimeoutMs = 10 * 60_000;

/** What a person downloads and what the first page loads. */
export const windowSizeBenchmark: Benchmark = {
  name: 'window-size',
  question:
    'Bytes of the built window, each file compressed by itself with gzip: script of the first load (what the entry and the Home page import, without asking for more), Monaco with its workers, style and font, and the packed app without Electron and Python.',
  minutes: 1,
  promises: [
    { name: 'first-load script, gzip', bar: `at most ${firstLoadBarKibibytes} KiB` },
    { name: 'Monaco, gzip', bar: `at most ${editorBarMebibytes} MiB` },
    { name: 'files of Monaco in the first load', bar: 'at most 0' },
    { name: 'packed app without Electron and Python', bar: `at most ${packedBarMegabytes} MB` },
  ],
  async run(settings) {
    await buildWindow();
    const manifest = await readManifest();
    return [...(await pageFigures(manifest)), ...(await packedFigure(settings))];
  },
};

async function pageFigures(manifest: Manifest): Promise<Figure[]> {
  // Home is part of the entry: it is what a first load is for.
  const first = scripts(manifest, loadedWith(manifest, entry));
  const group = editorFiles(manifest);
  const firstBytes = await gzipBytes(first);
  return [
    {
      name: 'first-load script, gzip',
      value: firstBytes / 1024,
      unit: 'KiB',
      bar: atMost(firstLoadBarKibibytes),
      detail: `${first.size} files; the largest: ${await largest(first)}`,
    },
    {
      name: 'Monaco, gzip',
      value: (await gzipBytes(group)) / 1024 ** 2,
      unit: 'MiB',
      bar: atMost(editorBarMebibytes),
      detail: `${group.size} files: ${await largest(group)}`,
    },
    {
      name: 'files of Monaco in the first load',
      value: [...group].filter((file) => first.has(file)).length,
      unit: '',
      bar: atMost(0),
      detail: '',
    },
  ];
}

/** What only the plan's editor brings: scripts, style sheets, workers and font that the wizard around it has not loaded before. */
function editorFiles(manifest: Manifest): ReadonlySet<string> {
  const before = new Set([...loadedWith(manifest, entry), ...loadedWith(manifest, wizardPage)]);
  const added = (source: string): string[] => [...loadedWith(manifest, source)].filter((each) => !before.has(each));
  const own = added(editor);
  const onDemand = own.flatMap((source) => chunkOf(manifest, source).dynamicImports).flatMap(added);
  const files = [...own, ...onDemand].map((source) => chunkOf(manifest, source));
  return new Set(files.flatMap(({ file, css, assets }) => [file, ...css, ...assets]));
}

function scripts(manifest: Manifest, sources: Iterable<string>): ReadonlySet<string> {
  return new Set([...sources].map((source) => chunkOf(manifest, source).file).filter((file) => file.endsWith('.js')));
}

/** `"index 110 KiB, ui-words 16 KiB"`: the five largest, compressed. */
async function largest(files: ReadonlySet<string>): Promise<string> {
  const sized = await Promise.all([...files].map(async (file) => ({ file, bytes: await gzipBytes([file]) })));
  return sized
    .toSorted((one, other) => other.bytes - one.bytes)
    .slice(0, 5)
    .map(({ file, bytes }) => `${file.replace('assets/', '')} ${(bytes / 1024).toFixed(0)} KiB`)
    .join(', ');
}

async function packedFigure({ say }: BenchmarkSettings): Promise<Figure[]> {
  if (!existsSync(packedSizeProgram)) {
    say('the packed app was not measured: there is no scripts/release/packed-size.ts');
    return [];
  }
  const { stdout } = await runToSuccess(process.execPath, [packedSizeProgram], { timeoutMs: packTimeoutMs });
  const { appBytes } = z
    .object({ appBytes: z.number().positive() })
    .parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  return [
    {
      name: 'packed app without Electron and Python',
      value: appBytes / 1e6,
      unit: 'MB',
      bar: atMost(packedBarMegabytes),
      detail: '',
    },
  ];
}
