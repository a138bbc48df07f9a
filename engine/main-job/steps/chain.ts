import type { AnyStep } from '../step.ts';
import { baseExportStep } from './base-export-step.ts';
import { baseStep } from './base-step.ts';
import { baselineStep } from './baseline-step.ts';
import { datasetStep } from './dataset-step.ts';
import { deployStep } from './deploy-step.ts';
import { environmentStep } from './environment-step.ts';
import { evaluateStep } from './evaluate-step.ts';
import { exportStep } from './export-step.ts';
import { machineStep } from './machine-step.ts';
import { parityStep } from './parity-step.ts';
import { planStep } from './plan-step.ts';
import { serveStep } from './serve-step.ts';
import { trainStep } from './train-step.ts';

/** The chain in its order; a test holds it equal to `mainJobSteps` of the contract. */
export const mainJobChain: readonly AnyStep[] = [
  machineStep,
  datasetStep,
  environmentStep,
  baseStep,
  planStep,
  baseExportStep,
  baselineStep,
  trainStep,
  exportStep,
  parityStep,
  evaluateStep,
  deployStep,
  serveStep,
];
