import type { ViewStep } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ContaminationIndex } from '../contamination/find-contamination.ts';
import type { TextDigest } from '../dedupe/exact-duplicates.ts';
import type { PiiPack } from '../pii/pii-pack.ts';
import { contaminationFilter, eligibleFilter, piiFilter } from './check-filters.ts';
import { exactDuplicatesFilter, nearDuplicatesFilter } from './duplicate-filters.ts';
import type { CodeParser } from './find-code.ts';
import type { RowFilter } from './row-filter.ts';
import {
  bannedFilter,
  codeFilter,
  echoFilter,
  languageFilter,
  lengthFilter,
  patternFilter,
  qualityFilter,
  refusalFilter,
} from './text-filters.ts';

/** What filters need from outside. */
export interface FilterParts {
  readonly parseCode: CodeParser;
  readonly digest: TextDigest;
  readonly piiPacks: readonly PiiPack[];
  /** Made at the first use: it reads every task there is. */
  readonly contamination: () => ContaminationIndex;
}

/** The filter of a step (D-8). @throws ForgeError foundry.bad-pattern, foundry.step-by-script */
export function createRowFilter(step: ViewStep, parts: FilterParts): RowFilter {
  switch (step.kind) {
    case 'length':
      return lengthFilter(step);
    case 'code':
      return codeFilter(step, parts.parseCode);
    case 'language':
      return languageFilter(step);
    case 'regex':
      return patternFilter(step);
    case 'banned':
      return bannedFilter(step);
    case 'refusal':
      return refusalFilter();
    case 'echo':
      return echoFilter(step);
    case 'quality':
      return qualityFilter(step);
    case 'exact-duplicates':
      return exactDuplicatesFilter(step, parts.digest);
    case 'near-duplicates':
      return nearDuplicatesFilter(step);
    case 'pii':
      return piiFilter(step, parts.piiPacks);
    case 'contamination':
      return contaminationFilter(step, parts.contamination());
    case 'eligible':
      return eligibleFilter(step);
    case 'script':
      // A script makes a version of its own in the sandbox (`scripts.run`); inside a view nothing of it is run.
      throw new ForgeError('foundry.step-by-script', { script: step.script });
  }
}
