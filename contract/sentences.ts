import { datasetSentences } from './sentences/dataset-sentences.ts';
import { fillPlaces, type ValuesFor } from './sentences/define-sentences.ts';
import { filterSentences } from './sentences/filter-sentences.ts';
import { jobSentences } from './sentences/job-sentences.ts';
import { machineSentences } from './sentences/machine-sentences.ts';
import { planSentences } from './sentences/plan-sentences.ts';
import { runSentences } from './sentences/run-sentences.ts';
import { servingSentences } from './sentences/serving-sentences.ts';
import { settingsSentences } from './sentences/settings-sentences.ts';
import { workerSentences } from './sentences/worker-sentences.ts';

/**
 * What the engine says to people beside its errors: reasons, warnings, verdicts, notes, progress. It travels and is kept as the English sentence;
 * a face of another language finds the key and the values in it (`createSentenceReader`).
 */
export const sentenceRegistry = {
  ...planSentences,
  ...datasetSentences,
  ...filterSentences,
  ...machineSentences,
  ...jobSentences,
  ...runSentences,
  ...servingSentences,
  ...settingsSentences,
  ...workerSentences,
};

export type SentenceKey = keyof typeof sentenceRegistry;

type Arguments<Values> = keyof Values extends never ? [] : [values: Values];

/** The English sentence of a key with its places filled. What is said with it is said in every language of the window. */
export function say<Key extends SentenceKey>(
  key: Key,
  ...[values]: Arguments<ValuesFor<(typeof sentenceRegistry)[Key]>>
): string {
  return fillPlaces(sentenceRegistry[key], values ?? {});
}
