import { ForgeError } from '#contract/errors.ts';
import type { ChatMessage, OllamaDeployment, SmokeVerdict } from '#contract/serving.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { Modelfile, Ollama, OllamaAnswer, OllamaProgress } from '#core/ports/ollama.ts';
import type { SmokeAnswers } from '#core/serving/judge-smoke-test.ts';

/** Tokens of each answer of the smoke test. */
export const smokeTokens = 32;
/** A model that is not proven yet has this at the end of its tag, so that what a crash left behind can be told and cleaned. */
const incomingSuffix = '-incoming';
const leftover = /:v\d+-incoming$/;

export interface DeployOptions {
  readonly ollama: Ollama;
  /** The embedded server with the same file loaded: the other side of the comparison. */
  readonly embedded: Pick<ModelServer, 'chat' | 'score'>;
  readonly judge: (answers: readonly SmokeAnswers[]) => SmokeVerdict;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: OllamaProgress | { readonly phase: 'comparing'; readonly fraction: number }) => void;
}

export interface OllamaTarget {
  readonly name: string;
  readonly version: number;
  readonly ggufPath: string;
  readonly contextTokens: number;
  readonly modelfile: Modelfile;
  /** Held-out conversations that both sides answer; ten are meant. */
  readonly prompts: readonly (readonly ChatMessage[])[];
  /** Threads Ollama may use for the comparison: never more than the physical cores. */
  readonly threads: number;
}

/**
 * Puts one version into Ollama as `name:v<n>` and `name:latest`, but only when Ollama proves to answer as the embedded server does.
 * Whatever goes wrong, also a kill half-way, leaves the models that were there before untouched.
 * @throws ForgeError `serving.deploy-differs` with the figures, or `serving.ollama-*`.
 */
export async function deployToOllama(target: OllamaTarget, options: DeployOptions): Promise<OllamaDeployment> {
  const { ollama } = options;
  await requireRunning(ollama);
  const { modelfile, ggufPath, contextTokens } = target;
  const proven = `${target.name}:v${target.version}`;
  const incoming = `${proven}${incomingSuffix}`;
  try {
    const { onProgress, signal } = options;
    const { digest } = await ollama.create(
      { name: incoming, ggufPath, modelfile, contextTokens },
      { ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}) },
    );
    const verdict = options.judge(await compareAnswers(incoming, target, options));
    if (!verdict.passed) throw differs(verdict);
    const names = [proven, `${target.name}:latest`];
    for (const name of names) await ollama.copy(incoming, name);
    return { names, digest, templateFamily: modelfile.family, verdict };
  } finally {
    await removeQuietly(ollama, incoming);
  }
}

/** Removes what deployments that were killed half-way left in Ollama; returns the names. Does nothing when Ollama is absent. */
export async function cleanOllamaLeftovers(ollama: Ollama): Promise<string[]> {
  if ((await ollama.detect()).state !== 'running') return [];
  const names = (await ollama.list()).map(({ name }) => name).filter((name) => leftover.test(name));
  for (const name of names) await ollama.remove(name);
  return names;
}

/** Takes a version out of Ollama; `latest` goes with it when it is the same model. Returns the removed names. */
export async function withdrawFromOllama(
  ollama: Ollama,
  target: { readonly name: string; readonly version: number },
): Promise<string[]> {
  await requireRunning(ollama);
  const models = await ollama.list();
  const digestOf = (name: string) => models.find((model) => model.name === name)?.digest;
  const [proven, latest] = [`${target.name}:v${target.version}`, `${target.name}:latest`];
  const names = digestOf(proven) !== undefined && digestOf(proven) === digestOf(latest) ? [proven, latest] : [proven];
  const removed: string[] = [];
  for (const name of names) if (await ollama.remove(name)) removed.push(name);
  return removed;
}

async function requireRunning(ollama: Ollama): Promise<void> {
  const status = await ollama.detect();
  if (status.state === 'absent') throw new ForgeError('serving.ollama-absent', { host: status.host });
  if (status.state === 'too-old') {
    throw new ForgeError('serving.ollama-too-old', { version: status.version, minimum: status.minimum });
  }
}

async function compareAnswers(model: string, target: OllamaTarget, options: DeployOptions): Promise<SmokeAnswers[]> {
  const answers: SmokeAnswers[] = [];
  for (const [index, messages] of target.prompts.entries()) {
    options.signal?.throwIfAborted();
    // One behind the other: two engines that compute at the same time would only slow each other down.
    const embedded = await askEmbedded(messages, options);
    const ollama = await options.ollama.chat(
      { model, messages, maximumTokens: smokeTokens, temperature: 0, seed: 0, threads: target.threads },
      options.signal,
    );
    const same = embedded.text.trim() === ollama.text.trim();
    const ratings = same ? [] : await options.embedded.score(messages, ollama.text, options.signal);
    answers.push({
      prompt: messages.findLast(({ role }) => role === 'user')?.content ?? '',
      embedded,
      ollama,
      ratings,
    });
    options.onProgress?.({ phase: 'comparing', fraction: (index + 1) / target.prompts.length });
  }
  return answers;
}

async function askEmbedded(
  messages: readonly ChatMessage[],
  { embedded, signal }: DeployOptions,
): Promise<OllamaAnswer> {
  let text = '';
  for await (const event of embedded.chat(
    { messages: [...messages], temperature: 0, maximumTokens: smokeTokens },
    signal,
  )) {
    if (event.kind === 'delta') text += event.text;
    else return { text, promptTokens: event.usage.promptTokens, completionTokens: event.usage.completionTokens };
  }
  throw new Error('The answer had no end.');
}

function differs({ promptsEqual, answersAgreeing, answersNeeded, total }: SmokeVerdict): ForgeError {
  return new ForgeError('serving.deploy-differs', { promptsEqual, answersAgreeing, total, needed: answersNeeded });
}

/** The failure that brought us here says more than one about the tidying; what stays is removed at the next start. */
async function removeQuietly(ollama: Ollama, name: string): Promise<void> {
  try {
    await ollama.remove(name);
  } catch (failure) {
    if (!(failure instanceof ForgeError)) throw failure;
  }
}
