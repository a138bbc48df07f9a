import type { ParityGate } from '#contract/exports.ts';
import type { ParityReport } from '#contract/main-job.ts';
import { isWithinLossTolerance, lossTolerance, lossToleranceNats } from './choose-quantisation.ts';

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

const conversionRemedy =
  'Run the `forge train` of this model again; if it repeats, report it with these figures: the adapter is kept.';
const lossRemedy = 'Export it in a larger file type (--type Q8_0 or F16), which loses less.';

/**
 * Every gate with what was measured and what is needed, in plain words, in the order they are looked at. Next token and answers are those of the
 * unquantised file, whatever the type, and their names say so: quantising may change single tokens, and its price is the loss.
 */
export function listGates({ tokens, template, logits, greedy, loss }: ParityReport): ParityGate[] {
  const gates: Omit<ParityGate, 'needed' | 'remedy'>[] = [
    { gate: 'tokens', name: 'same tokens', measured: shareOf(tokens, 'texts'), passed: tokens.passed },
    {
      ...{ gate: 'template', name: 'same chat template', passed: template.passed },
      measured: shareOf(template, 'chats'),
    },
    {
      ...{ gate: 'logits', name: 'same next token (F16)', passed: logits.passed },
      measured: `${(logits.argmaxAgreement * 100).toFixed(2)} %, off by ${logits.maxLogProbabilityDifference.toFixed(3)}`,
    },
    { gate: 'greedy', name: 'same answers (F16)', measured: shareOf(greedy, 'prompts'), passed: greedy.passed },
    {
      ...{ gate: 'loss', name: 'same loss', passed: loss.passed },
      measured: `${loss.served.toFixed(4)} (${signedPercent(loss.change)})`,
    },
  ];
  return gates.map((gate) => ({
    ...gate,
    needed: needs[gate.gate],
    remedy: gate.passed ? null : gate.gate === 'loss' ? lossRemedy : conversionRemedy,
  }));
}

const needs: Readonly<Record<ParityGate['gate'], string>> = {
  file: 'the recorded digest',
  tokens: 'all',
  template: 'all',
  logits: `${bars.argmaxAgreement * 100} %, ${bars.logProbabilityDifference}`,
  greedy: `${bars.greedyShare * 100} %`,
  loss: `+${lossTolerance * 100} % or +${lossToleranceNats}`,
};

function shareOf({ equal, of }: { equal: number; of: number }, unit: string): string {
  return `${equal} of ${of} ${unit}`;
}

/** The gate before all others: the file is the one whose digest was recorded. `found` is null when it is missing. */
export function fileGate({ recorded, found }: { recorded: string; found: string | null }): ParityGate {
  const passed = recorded === found;
  return {
    gate: 'file',
    name: 'same file',
    measured: found === null ? 'missing' : `sha256 ${found.slice(0, 12)}`,
    needed: `sha256 ${recorded.slice(0, 12)}`,
    passed,
    remedy: passed
      ? null
      : 'Something changed or removed the file since it was measured. Run the `forge train` of this model again: it makes the file anew.',
  };
}

function signedPercent(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(fraction * 100).toFixed(1)} %`;
}
