import type { ForgeClient } from '#contract/client.ts';
import type { ComparableModel, ComparedModel } from '#contract/comparisons.ts';
import { usageFailure } from './failure.ts';

interface Known {
  readonly models: readonly ComparableModel[];
  readonly providers: readonly string[];
}

/** What words of `--model` mean: `ollama/<name>`, `<provider>/<name>`, a base, or a model of one's own (without a version its newest). */
export async function readComparedModels(client: ForgeClient, words: readonly string[]): Promise<ComparedModel[]> {
  if (words.length < 2 || words.length > 4)
    throw usageFailure(
      `${words.length === 0 ? 'No model is' : words.length === 1 ? 'Only one model is' : `${words.length} models are`} named.`,
      'Name two to four: --model support:v1 --model openai/gpt-5.4-mini. A provider or Ollama stands before a slash.',
    );
  const [models, providers] = await Promise.all([client.comparisons.models(), client.providers.list()]);
  const known = { models, providers: providers.map(({ id }) => id) };
  return words.map((word) => comparedModel(word, known));
}

/** @throws a usage failure that lists what there is */
export function comparedModel(word: string, { models, providers }: Known): ComparedModel {
  const slash = word.indexOf('/');
  const [place, model] = slash === -1 ? ['', word] : [word.slice(0, slash), word.slice(slash + 1)];
  if (place === 'ollama' && model !== '') return { kind: 'ollama', model };
  if (providers.includes(place) && model !== '') return { kind: 'cloud', provider: place, model };
  const local = models.flatMap(({ model: one }) => (one.kind === 'local' ? [one.model] : []));
  if (local.includes(word)) return { kind: 'local', model: word };
  const newest = newestVersion(local, word.replace(/:latest$/, ''));
  if (newest !== null) return { kind: 'local', model: newest };
  throw usageFailure(
    `There is no model ${word} to compare.`,
    `On this machine are: ${local.join(', ') || 'none yet'}. Others are written ollama/<name> or <provider>/<name> (${providers.join(', ')}).`,
  );
}

function newestVersion(local: readonly string[], name: string): string | null {
  const versions = local.flatMap((model) => {
    const version = model.startsWith(`${name}:v`) ? Number(model.slice(name.length + 2)) : Number.NaN;
    return Number.isInteger(version) ? [version] : [];
  });
  return versions.length === 0 ? null : `${name}:v${Math.max(...versions)}`;
}
