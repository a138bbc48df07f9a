import type { ViewStep } from '#contract/dataset-versions.ts';
import type { ContaminationIndex } from '../contamination/find-contamination.ts';
import type { TextDigest } from '../dedupe/exact-duplicates.ts';
import type { PiiDetectors } from '../pii/domain-detectors.ts';
import { contaminationFilter, eligibleFilter, piiFilter } from './check-filters.ts';
import { exactDuplicatesFilter, nearDuplicatesFilter } from './duplicate-filters.ts';
import type { CodeParser } from './find-code.ts';
import { lengthFilter } from './length-filter.ts';
import type { RowFilter } from './row-filter.ts';
import {
  bannedFilter,
  codeFilter,
  echoFilter,
  languageFilter,
  patternFilter,
  qualityFilter,
  refusalFilter,
} from './text-filters.ts';

/** What filters need from outside. */
export interface FilterParts {
  readonly parseCode: CodeParser;
  readonly digest: TextDigest;
  readonly detectors: PiiDetectors;
  /** Made at the first use: it reads every task there is. */
  readonly contamination: () => ContaminationIndex;
}

/** A step that judges row by row. A script is none: it runs in a sandbox, message by message. */
export type FilterViewStep = Exclude<ViewStep, { kind: 'script' }>;

/** The filter of a step (D-8). @throws ForgeError foundry.bad-pattern */
export function createRowFilter(step: FilterViewStep, parts: FilterParts): RowFilter {
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
      return piiFilter(step, parts.detectors);
    case 'contamination':
      return contaminationFilter(step, parts.contamination());
    case 'eligible':
      return eligibleFilter(step);
  }
}
