import { baseModelErrors } from './errors/base-model-errors.ts';
import { comparisonErrors } from './errors/comparison-errors.ts';
import { datasetErrors } from './errors/dataset-errors.ts';
import type { ErrorDefinition } from './errors/define-errors.ts';
import { domainErrors } from './errors/domain-errors.ts';
import { engineErrors } from './errors/engine-errors.ts';
import { environmentErrors } from './errors/environment-errors.ts';
import { exportErrors } from './errors/export-errors.ts';
import { foundryErrors } from './errors/foundry-errors.ts';
import { hardwareErrors } from './errors/hardware-errors.ts';
import { jobErrors } from './errors/job-errors.ts';
import { recipeErrors } from './errors/recipe-errors.ts';
import { scriptErrors } from './errors/script-errors.ts';
import { secretErrors } from './errors/secret-errors.ts';
import { settingsErrors } from './errors/settings-errors.ts';
import { servingErrors } from './errors/serving-errors.ts';

export { exitCodes } from './errors/define-errors.ts';
export type { ErrorDefinition } from './errors/define-errors.ts';

/** Every expected error of the product. A code is never reused for another meaning. */
export const errorRegistry = {
  ...engineErrors,
  ...datasetErrors,
  ...foundryErrors,
  ...domainErrors,
  ...scriptErrors,
  ...hardwareErrors,
  ...environmentErrors,
  ...baseModelErrors,
  ...jobErrors,
  ...servingErrors,
  ...exportErrors,
  ...recipeErrors,
  ...secretErrors,
  ...settingsErrors,
  ...comparisonErrors,
};

export type ErrorCode = keyof typeof errorRegistry;

/** Values that fill the `{name}` places of an error's sentences and travel with it as data. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null>>;

function fill(sentence: string, detail: ErrorDetail): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(detail[name] ?? place));
}

/** An expected error: it has a code, a sentence for a person and the one remedy. Anything else that is thrown is a bug. */
export class ForgeError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;
  readonly remedy: string;
  /** For someone at the window; null where `remedy` serves there too. */
  readonly windowRemedy: string | null;
  readonly retryable: boolean;
  readonly exitCode: number;

  constructor(code: ErrorCode, detail: ErrorDetail = {}, options?: { cause?: unknown }) {
    const definition: ErrorDefinition = errorRegistry[code];
    super(fill(definition.message, detail), options);
    this.name = 'ForgeError';
    this.code = code;
    this.detail = detail;
    this.remedy = fill(definition.remedy, detail);
    this.windowRemedy = definition.windowRemedy === undefined ? null : fill(definition.windowRemedy, detail);
    this.retryable = definition.retryable;
    this.exitCode = definition.exitCode;
  }
}
