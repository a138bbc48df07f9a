import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { comparisonLimits, type PromptSet } from '#contract/comparisons.ts';
import { datasetRow, type DatasetRow } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ScoringSpec } from '#contract/evaluation.ts';
import type { ChatMessage } from '#contract/serving.ts';
import { readDataset } from '#core/datasets/read-dataset.ts';
import { detectScoring } from '#core/evaluation/detect-scoring.ts';
import { openDatasetSource } from '#native-bridge/files/dataset-source.ts';
import { questionOf } from '../evaluation/score-served.ts';
import type { BuildStore } from '../main-job/build-store.ts';
import { outputOf } from '../main-job/runner.ts';

export interface SetPrompt {
  readonly prompt: string;
  /** Messages that stand before the prompt in its row. */
  readonly context: readonly ChatMessage[];
  readonly expected: string | null;
}

export interface ReadPrompts {
  readonly prompts: readonly SetPrompt[];
  /** Null where nothing is expected. */
  readonly scoring: ScoringSpec | null;
}

/** All prompts of one comparison together; they are kept in memory while it is looked at. */
const maximumCharacters = 20_000_000;

/** The prompts of a set with what is expected of them. @throws ForgeError `dataset.*`, `comparison.no-prompts`, `comparison.too-much-text` */
export async function readPrompts(
  set: PromptSet,
  builds: Pick<BuildStore, 'list' | 'directory'>,
): Promise<ReadPrompts> {
  const read = await readSet(set, builds);
  const characters = read.prompts.reduce(
    (sum, { prompt, context }) => sum + prompt.length + context.reduce((all, { content }) => all + content.length, 0),
    0,
  );
  if (characters > maximumCharacters)
    throw new ForgeError('comparison.too-much-text', { characters, maximum: maximumCharacters });
  return read;
}

async function readSet(set: PromptSet, builds: Pick<BuildStore, 'list' | 'directory'>): Promise<ReadPrompts> {
  if (set.kind === 'typed') {
    const prompts = set.prompts.filter((prompt) => prompt.trim() !== '');
    if (prompts.length === 0) throw new ForgeError('comparison.no-prompts', { source: 'what was typed' });
    return { prompts: prompts.map((prompt) => ({ prompt, context: [], expected: null })), scoring: null };
  }
  if (set.kind === 'held-out') return readHeldOut(set, builds);
  const { rows } = await readDataset(await openDatasetSource(set.path), { minimumRows: 1 });
  const scoring = detectScoring(rows.map((row) => questionOf(row).expected));
  return { prompts: promptsOf(rows.slice(0, set.limit), set.path), scoring };
}

/** The rows that the main job kept aside: neither model has learned from them. */
async function readHeldOut(
  { mainJob, limit }: Extract<PromptSet, { kind: 'held-out' }>,
  builds: Pick<BuildStore, 'list' | 'directory'>,
): Promise<ReadPrompts> {
  const build = (await builds.list()).builds.find(({ id }) => id === mainJob);
  if (!build) throw new ForgeError('engine.not-found', { kind: 'main job', id: mainJob, command: 'models' });
  const state = build.steps['dataset']?.state;
  if (state !== 'done' && state !== 'reused')
    throw new ForgeError('comparison.no-prompts', { source: `${mainJob}, whose dataset was not split yet` });
  const { heldOutPath, scoring } = outputOf(build, 'dataset');
  const file = path.join(builds.directory(build), heldOutPath);
  return { prompts: promptsOf(await firstRows(file, limit), mainJob), scoring };
}

function promptsOf(rows: readonly DatasetRow[], source: string): SetPrompt[] {
  const prompts = rows.flatMap((row): SetPrompt[] => {
    const { messages, expected } = questionOf(row);
    const last = messages.at(-1);
    const isUsable = last?.role === 'user' && last.content.length <= comparisonLimits.promptCharacters;
    return isUsable ? [{ prompt: last.content, context: messages.slice(0, -1), expected }] : [];
  });
  if (prompts.length === 0) throw new ForgeError('comparison.no-prompts', { source });
  return prompts;
}

async function firstRows(file: string, limit: number): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  for await (const line of lines) {
    if (rows.length >= limit) break;
    if (line !== '') rows.push(datasetRow.parse(JSON.parse(line)));
  }
  return rows;
}
