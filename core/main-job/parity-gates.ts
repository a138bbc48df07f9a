import type { ParityReport } from '#contract/main-job.ts';
import { isWithinLossTolerance } from './choose-quantisation.ts';

/** What was counted for one exported model: the unquantised file against the reference, and the served file's loss. */
export interface ParityFigures {
  readonly tokens: { readonly equal: number; readonly of: number };
  readonly template: { readonly equal: number; readonly of: number };
  /** Of the unquantised file: quantisation may change single tokens, the conversion may not. */
  readonly argmaxAgreement: number;
  readonly maxLogProbabilityDifference: number;
  readonly greedy: { readonly equal: number; readonly of: number };
  /** Loss of the unquantised file on the same rows. */
  readonly unquantisedLoss: number;
  readonly servedLoss: number;
}

/** Bars of requirement N-13. */
const bars = { argmaxAgreement: 0.99, logProbabilityDifference: 0.1, greedyShare: 0.9 } as const;

/** Judges a conversion and a quantisation; a file that fails a gate is not deployable. */
export function judgeParity(figures: ParityFigures): ParityReport {
  const change = (figures.servedLoss - figures.unquantisedLoss) / figures.unquantisedLoss;
  return {
    tokens: { ...figures.tokens, passed: figures.tokens.equal === figures.tokens.of && figures.tokens.of > 0 },
    template: {
      ...figures.template,
      passed: figures.template.equal === figures.template.of && figures.template.of > 0,
    },
    logits: {
      argmaxAgreement: figures.argmaxAgreement,
      maxLogProbabilityDifference: figures.maxLogProbabilityDifference,
      passed:
        figures.argmaxAgreement >= bars.argmaxAgreement &&
        figures.maxLogProbabilityDifference <= bars.logProbabilityDifference,
    },
    greedy: {
      ...figures.greedy,
      passed: figures.greedy.of > 0 && figures.greedy.equal >= figures.greedy.of * bars.greedyShare,
    },
    loss: {
      reference: figures.unquantisedLoss,
      served: figures.servedLoss,
      change,
      passed: isWithinLossTolerance({ loss: figures.servedLoss, unquantisedLoss: figures.unquantisedLoss }),
    },
  };
}

/** True when the conversion itself is right; its failure cannot be mended by another file type. */
export function conversionPassed(report: ParityReport): boolean {
  return report.tokens.passed && report.template.passed && report.logits.passed && report.greedy.passed;
}

/** The gates that failed, in words with their figures. */
export function failedGates(report: ParityReport): string[] {
  const share = ({ equal, of }: { equal: number; of: number }): string => `${equal} of ${of}`;
  return [
    report.tokens.passed ? null : `tokens equal on ${share(report.tokens)} texts`,
    report.template.passed ? null : `chat template equal on ${share(report.template)} conversations`,
    report.logits.passed
      ? null
      : `same next token in ${(report.logits.argmaxAgreement * 100).toFixed(1)} % of places (largest log-probability difference ${report.logits.maxLogProbabilityDifference.toFixed(3)})`,
    report.greedy.passed ? null : `same greedy answer on ${share(report.greedy)} prompts`,
    report.loss.passed ? null : `loss ${(report.loss.change * 100).toFixed(1)} % above the unquantised file`,
  ].filter((gate) => gate !== null);
}
