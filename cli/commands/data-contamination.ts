import { runDataCheck } from '../data-check.ts';
import type { Invocation } from '../invocation.ts';
import { contaminationLines } from '../terminal/check-view.ts';

/** `forge data contamination`: rows that hold tasks of benchmarks, or held-out rows of models and datasets. */
export function checkContamination(invocation: Invocation): Promise<number> {
  return runDataCheck(invocation, { check: 'contamination', asked: {}, lines: contaminationLines });
}
