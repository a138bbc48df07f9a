import path from 'node:path';
import type { DatasetInspection, KnownDataset, ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { ColumnMapping } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FetchStep } from '#core/ports/base-model-store.ts';
import type { RowTokeniser } from '#core/ports/row-tokeniser.ts';
import { oneByOne } from '../one-by-one.ts';
import { shippedDataset } from '../main-job/shipped-dataset.ts';
import { rowSourcesOf, type RowSourceOptions } from './base-row-source.ts';
import { dataChoiceOf, type DataChoice } from './data-choice.ts';
import type { DatasetReadings } from './dataset-readings.ts';
import { inspectionOf, type PageChoice } from './inspect-dataset.ts';
import { knownDatasets, removeDataset } from './known-datasets.ts';
import { obtainDataset, type ObtainedDataset, type ObtainOptions } from './obtain-dataset.ts';
import { showRowAs } from './show-row.ts';

/** A file, and how it is read; what is null is found or taken from the sample's own description. */
export interface DatasetQuestion {
  readonly path: string;
  readonly mapping: ColumnMapping | null;
  readonly systemPrompt: string | null;
}

export interface InspectQuestion extends DatasetQuestion, PageChoice {
  readonly heldOutRows: number | null;
  readonly seed: number | null;
}

export interface ShowRowQuestion extends DatasetQuestion {
  /** Id of a row. */
  readonly row: string;
  readonly base: string | null;
}

/** Everything about data before a main job has it. */
export interface DatasetService {
  list(): Promise<KnownDataset[]>;
  obtain(source: string, step: FetchStep): Promise<ObtainedDataset>;
  inspect(question: InspectQuestion, signal?: AbortSignal): Promise<DatasetInspection>;
  showRow(question: ShowRowQuestion, signal?: AbortSignal): Promise<ShownRow>;
  /** Bytes freed. */
  remove(file: string): Promise<number>;
  dispose(): Promise<void>;
}

export interface DatasetServiceOptions extends RowSourceOptions, ObtainOptions {
  /** Dataset versions, the newest first. */
  readonly versions?: () => Promise<DatasetVersion[]>;
  readonly readings: DatasetReadings;
  readonly tokeniser: RowTokeniser;
}

export function createDatasetService(options: DatasetServiceOptions): DatasetService {
  const { appDirectory, readings, tokeniser } = options;
  const obtaining = oneByOne();
  let sampleRows: number | null = null;

  const choiceOf = async (question: DatasetQuestion & Partial<InspectQuestion>): Promise<DataChoice> => {
    const { path: file, mapping, systemPrompt, heldOutRows, seed } = question;
    const isSample = file === (await shippedDataset(appDirectory)).file;
    // The window knows files by their path; the main job gets the sample by leaving it out.
    const request = { dataset: isSample ? undefined : file, mapping, systemPrompt, heldOutRows, seed };
    return dataChoiceOf(withoutNulls(request), appDirectory);
  };
  return {
    async list() {
      sampleRows ??= (await readings.read(await dataChoiceOf({}, appDirectory))).read.rows.length;
      const known = await knownDatasets(options);
      return known.map((dataset) => (dataset.isDefault ? { ...dataset, rows: sampleRows } : dataset));
    },
    // One after the other: two that fetch the same would write the same files.
    obtain: (source, step) => obtaining(() => obtainDataset(source, options, step)),
    async inspect(question, signal) {
      const reading = await readings.read(await choiceOf(question), signal);
      return inspectionOf(question.path, reading, question);
    },
    async showRow(question, signal) {
      const { read } = await readings.read(await choiceOf(question), signal);
      const row = read.rows.find(({ id }) => id === question.row);
      if (row === undefined)
        throw new ForgeError('dataset.row-unknown', { row: question.row, path: path.basename(question.path) });
      const sources = await rowSourcesOf(question.base, options);
      return showRowAs(row, { tokeniser, sources, signal });
    },
    remove: (file) => removeDataset(file, options),
    async dispose() {
      readings.clear();
      await tokeniser.dispose();
    },
  };
}

type WithoutNulls<T> = { [Key in keyof T]?: Exclude<T[Key], null | undefined> };

function withoutNulls<T extends object>(value: T): WithoutNulls<T> {
  const present = Object.entries(value).filter(([, given]) => given !== null && given !== undefined);
  return Object.fromEntries(present) as WithoutNulls<T>;
}
