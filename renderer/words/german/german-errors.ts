import type { ErrorCode } from '#contract/errors.ts';
import { baseModelErrorsDe } from './base-model-errors-de.ts';
import { comparisonErrorsDe } from './comparison-errors-de.ts';
import { datasetErrorsDe } from './dataset-errors-de.ts';
import { domainErrorsDe } from './domain-errors-de.ts';
import { engineErrorsDe } from './engine-errors-de.ts';
import { environmentErrorsDe, hardwareErrorsDe } from './environment-errors-de.ts';
import { exportErrorsDe } from './export-errors-de.ts';
import { foundryErrorsDe } from './foundry-errors-de.ts';
import { jobErrorsDe, recipeErrorsDe } from './job-errors-de.ts';
import { scriptErrorsDe } from './script-errors-de.ts';
import { servingErrorsDe } from './serving-errors-de.ts';
import { secretErrorsDe, settingsErrorsDe } from './settings-errors-de.ts';

/** Message and remedy of every error; the compiler refuses a missing code. */
export const germanErrors: Readonly<Record<ErrorCode, readonly [message: string, remedy: string]>> = {
  ...baseModelErrorsDe,
  ...comparisonErrorsDe,
  ...datasetErrorsDe,
  ...domainErrorsDe,
  ...engineErrorsDe,
  ...environmentErrorsDe,
  ...exportErrorsDe,
  ...foundryErrorsDe,
  ...hardwareErrorsDe,
  ...jobErrorsDe,
  ...recipeErrorsDe,
  ...scriptErrorsDe,
  ...secretErrorsDe,
  ...servingErrorsDe,
  ...settingsErrorsDe,
};
