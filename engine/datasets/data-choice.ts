import type { SplitChoice as FrozenSplit } from '#contract/dataset-versions.ts';
import type { ColumnMapping, DatasetRow } from '#contract/datasets.ts';
import type { ScoringSpec } from '#contract/evaluation.ts';
import type { MainJobRequest } from '#contract/main-job.ts';
import { readDataset, type ReadDataset } from '#core/datasets/read-dataset.ts';
import { splitRows, type SplitResult } from '#core/datasets/split-rows.ts';
import { detectScoring } from '#core/evaluation/detect-scoring.ts';
import { openDatasetSource } from '#native-bridge/files/dataset-source.ts';
import { questionOf } from '../evaluation/score-served.ts';
import { openVersionRows, sideOfGroup, versionBeside } from './version-rows.ts';
import { shippedDataset } from '../main-job/shipped-dataset.ts';

/** The seed of a request that names none. */
export const usualSeed = 17;

/** How a file is read: what decides its rows. */
export interface ReadingChoice {
  readonly file: string;
  readonly mapping: ColumnMapping | undefined;
  /** System message for rows that bring none. */
  readonly systemPrompt: string | undefined;
}

/** How rows are divided. */
export interface SplitChoice {
  readonly seed: number;
  readonly heldOutRows: number | undefined;
  /** The split a dataset version was frozen with; what the request says itself wins over it. */
  readonly frozen?: FrozenSplit | undefined;
}

export type DataChoice = ReadingChoice & SplitChoice;

type DataRequest = Pick<MainJobRequest, 'dataset' | 'mapping' | 'systemPrompt' | 'heldOutRows' | 'seed'>;

/** The data a request means; the sample brings its own instruction and its own number of held-out rows. */
export async function dataChoiceOf(request: DataRequest, appDirectory: string): Promise<DataChoice> {
  const { dataset, mapping, systemPrompt, heldOutRows, seed = usualSeed } = request;
  if (dataset !== undefined) {
    const isAsked = heldOutRows !== undefined || request.seed !== undefined;
    const frozen = isAsked ? undefined : (await versionBeside(dataset))?.recipe.split;
    return { file: dataset, mapping, systemPrompt, heldOutRows, seed, ...(frozen ? { frozen } : {}) };
  }
  const shipped = await shippedDataset(appDirectory);
  return {
    file: shipped.file,
    mapping,
    systemPrompt: systemPrompt ?? shipped.systemPrompt,
    heldOutRows: heldOutRows ?? shipped.heldOutRows,
    seed,
  };
}

/** Reads a file as every part of Forge does. @throws ForgeError dataset.* */
export async function readRowsOf(choice: ReadingChoice, signal?: AbortSignal): Promise<ReadDataset> {
  const { file, mapping, systemPrompt } = choice;
  const version = await versionBeside(file);
  const source =
    version === null
      ? await openDatasetSource(file, signal === undefined ? {} : { signal })
      : openVersionRows(file, version);
  return readDataset(source, {
    ...(mapping === undefined ? {} : { mapping }),
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
  });
}

/** Divides rows as every part of Forge does. @throws ForgeError dataset.* */
export function divideRows(rows: readonly DatasetRow[], { seed, heldOutRows, frozen }: SplitChoice): SplitResult {
  return splitRows(rows, { seed, heldOutRows, ...(frozen === undefined ? {} : { sideOf: sideOfGroup }) });
}

/** How the answers of these rows are scored. */
export function scoringOf(rows: readonly DatasetRow[]): ScoringSpec {
  return detectScoring(rows.map((row) => questionOf(row).expected));
}
