import type { SentenceKey } from '#contract/sentences.ts';
import { datasetSentencesDe } from './dataset-sentences-de.ts';
import { filterSentencesDe } from './filter-sentences-de.ts';
import { jobSentencesDe } from './job-sentences-de.ts';
import { machineSentencesDe } from './machine-sentences-de.ts';
import { planSentencesDe } from './plan-sentences-de.ts';
import { runSentencesDe } from './run-sentences-de.ts';
import { servingSentencesDe } from './serving-sentences-de.ts';
import { settingsSentencesDe } from './settings-sentences-de.ts';
import { workerSentencesDe } from './worker-sentences-de.ts';

/** Every sentence of the engine; the compiler refuses a missing key. */
export const germanSentences: Readonly<Record<SentenceKey, string>> = {
  ...planSentencesDe,
  ...datasetSentencesDe,
  ...filterSentencesDe,
  ...machineSentencesDe,
  ...jobSentencesDe,
  ...runSentencesDe,
  ...servingSentencesDe,
  ...settingsSentencesDe,
  ...workerSentencesDe,
};
