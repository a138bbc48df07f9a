import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, NotMeasurable, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { startEngine } from './harness/engine-under-test.ts';
import { runToSuccess } from './harness/run-process.ts';
import { listed, median } from './harness/statistics.ts';

const starts = 9;
const idleSeconds = 10;
const startBarMs = 500;
const memoryBarMegabytes = 150;

/** How long the engine takes to start and what it holds while nobody asks anything of it. */
export const engineBenchmark: Benchmark = {
  name: 'engine',
  question: `Time from the spawn of the engine until it listens (median of ${starts} starts in a used folder), and its resident memory after ${idleSeconds} idle seconds.`,
  minutes: 1,
  promises: [
    { name: 'engine start', bar: `at most ${startBarMs} ms` },
    { name: 'engine memory, idle', bar: `at most ${memoryBarMegabytes} MB` },
  ],
  async run(settings) {
    const home = await mkdtemp(path.join(tmpdir(), 'forge-bench-engine-'));
    try {
      return await measure(home, settings);
    } finally {
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function measure(home: string, { quick, say }: BenchmarkSettings): Promise<Figure[]> {
  const fresh = await startAndStop(home);
  const listening: number[] = [];
  const answering: number[] = [];
  for (let round = 0; round < (quick ? 3 : starts); round += 1) {
    const { listeningMs, firstAnswerMs } = await startAndStop(home);
    listening.push(listeningMs);
    answering.push(firstAnswerMs);
    say(`start ${round + 1}: listens after ${listeningMs.toFixed(0)} ms, answers after ${firstAnswerMs.toFixed(0)} ms`);
  }
  const memory = await idleMemory(home, quick ? 3 : idleSeconds);
  const detail = `Single starts: ${listed(listening)}. In a new folder, once: ${fresh.listeningMs.toFixed(0)} ms`;
  return [
    { name: 'engine start', value: median(listening), unit: 'ms', bar: atMost(startBarMs), detail },
    {
      name: 'engine start until its first answer over the wire',
      value: median(answering),
      unit: 'ms',
      bar: null,
      detail: '',
    },
    {
      name: 'engine memory, idle',
      value: memory.engineMegabytes,
      unit: 'MB',
      bar: atMost(memoryBarMegabytes),
      detail: '',
    },
    {
      name: 'engine and its helper processes, idle',
      value: memory.familyMegabytes,
      unit: 'MB',
      bar: null,
      detail: `${memory.processes} processes, memory they share counted for each`,
    },
  ];
}

async function startAndStop(home: string): Promise<{ listeningMs: number; firstAnswerMs: number }> {
  const engine = await startEngine(home);
  await engine.stop();
  return engine;
}

async function idleMemory(home: string, seconds: number) {
  const engine = await startEngine(home);
  try {
    await sleep(seconds * 1_000);
    return await residentMemory(engine.pid);
  } finally {
    await engine.stop();
  }
}

/** Resident memory of a process, and of it with all its descendants, as the system counts it. */
async function residentMemory(pid: number) {
  if (process.platform === 'win32')
    throw new NotMeasurable('the memory of processes is read with ps, which Windows lacks');
  const { stdout } = await runToSuccess('ps', ['-A', '-o', 'pid=,ppid=,rss='], { timeoutMs: 10_000 });
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([id = 0, parent = 0, kibibytes = 0]) => ({ id, parent, megabytes: (kibibytes * 1024) / 1e6 }));
  const family = all.filter(({ id }) => id === pid);
  // The list grows while it is walked: children of children come in too.
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.id));
  const [engine] = family;
  if (engine === undefined) throw new Error(`ps does not know the engine, process ${pid}`);
  return {
    engineMegabytes: engine.megabytes,
    familyMegabytes: family.reduce((sum, { megabytes }) => sum + megabytes, 0),
    processes: family.length,
  };
}
