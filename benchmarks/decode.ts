import { randomUUID } from 'node:crypto';
import { atLeast, type Benchmark, type BenchmarkSettings, type Figure } from './harness/benchmark.ts';
import { startOllama, type OllamaServer } from './harness/ollama-server.ts';
import { startServingEngine, tickets, type ServingEngine } from './harness/serving-engine.ts';
import { listed, median } from './harness/statistics.ts';
import { askOllama, type TimedAnswer } from './harness/timed-answer.ts';

const questions = 20;
const quickQuestions = 3;
/** Only answers that came out the same on both sides are compared; with fewer than this share of them nothing is. */
const leastEqualShare = 0.5;

/** The embedded server against Ollama on the file that the main job made. */
export const decodeBenchmark: Benchmark = {
  name: 'decode',
  question:
    'Tokens a second of the embedded server against Ollama on the same GGUF, the same questions in turns, both over HTTP; against the number of Ollama threads that is best for Ollama.',
  minutes: 3,
  promises: [{ name: 'decoding speed against Ollama', bar: 'at least 1 x' }],
  async run(settings) {
    const ollama = await startOllama();
    try {
      const forge = await startServingEngine(settings.say, { OLLAMA_HOST: `http://${ollama.host}` });
      try {
        return await measure(forge, ollama, settings);
      } finally {
        await forge.stop();
      }
    } finally {
      await ollama.stop();
    }
  },
};

interface Pair {
  readonly forge: TimedAnswer;
  readonly ollama: TimedAnswer;
}

async function measure(
  forge: ServingEngine,
  ollama: OllamaServer,
  { quick, say }: BenchmarkSettings,
): Promise<Figure[]> {
  const deployed = await forge.engine.client.deployments.toOllama({ model: forge.model, requestId: randomUUID() });
  const [name] = deployed.names;
  if (!deployed.used || name === undefined) throw new Error(`the model was not put into Ollama: ${deployed.reason}`);
  const figures: Figure[] = [];
  // Small models decode faster with a thread less than there are cores: Ollama gets both chances.
  for (const threads of new Set([forge.threads, Math.max(1, forge.threads - 1)])) {
    const pairs = await askBoth(forge, { ollama, name, threads }, quick ? quickQuestions : questions);
    const found = figureOf(pairs, { threads, version: ollama.version, forgeThreads: forge.threads });
    say(`Ollama with ${threads} threads: ${found.detail}`);
    figures.push(found);
  }
  const worst = figures.toSorted((one, other) => one.value - other.value)[0];
  if (worst === undefined) throw new Error('nothing was compared');
  return [
    worst,
    ...figures
      .filter((each) => each !== worst)
      .map((each) => ({ ...each, name: `${each.name}, slower setting of Ollama`, bar: null })),
  ];
}

async function askBoth(
  forge: ServingEngine,
  { ollama, name, threads }: { readonly ollama: OllamaServer; readonly name: string; readonly threads: number },
  count: number,
): Promise<Pair[]> {
  const askOther = (ticket: string): Promise<TimedAnswer> =>
    askOllama(ollama.host, threads, { ...forge.question(ticket), model: name });
  // A new number of threads makes Ollama load again: not part of any answer.
  await askOther('The router is broken.');
  const pairs: Pair[] = [];
  for (const [index, ticket] of (await tickets(count)).entries()) {
    // Who is first changes, so that neither always finds the caches of the processor warm.
    const first = index % 2 === 0;
    const early = first ? await forge.ask(ticket) : await askOther(ticket);
    const late = first ? await askOther(ticket) : await forge.ask(ticket);
    pairs.push(first ? { forge: early, ollama: late } : { forge: late, ollama: early });
  }
  return pairs;
}

interface Circumstances {
  readonly threads: number;
  readonly forgeThreads: number;
  readonly version: string;
}

function figureOf(all: readonly Pair[], { threads, version, forgeThreads }: Circumstances): Figure {
  const pairs = all.filter(({ forge, ollama }) => forge.text.trim() === ollama.text.trim() && forge.tokens > 2);
  if (pairs.length < leastEqualShare * all.length)
    throw new Error(
      `only ${pairs.length} of ${all.length} answers are the same on both sides; one differs: ${JSON.stringify(all[0])}`,
    );
  // The same text is the same number of tokens, whatever each side counts: Forge's number is used for both.
  const forge = pairs.map((pair) => decodeRate(pair.forge, pair.forge.tokens));
  const ollama = pairs.map((pair) => decodeRate(pair.ollama, pair.forge.tokens));
  const whole = median(pairs.map((pair) => pair.ollama.totalMs / pair.forge.totalMs));
  return {
    name: 'decoding speed against Ollama',
    value: median(forge) / median(ollama),
    unit: 'x',
    bar: atLeast(1),
    detail: `Medians of ${pairs.length} equal answers: Forge ${listed([median(forge)], 1)}, Ollama ${version} ${listed([median(ollama)], 1)} tokens/s with ${threads} threads (Forge's server has ${forgeThreads}); whole answers ${whole.toFixed(2)} x`,
  };
}

/** Tokens a second after the first text, which the prompt pays for. */
function decodeRate({ firstTextMs, totalMs }: TimedAnswer, tokens: number): number {
  return ((tokens - 1) * 1_000) / (totalMs - firstTextMs);
}
