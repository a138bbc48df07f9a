import type { ModelFacts, RecipePlan } from '#contract/recipes.ts';

export interface ChainQuestion {
  readonly plan: RecipePlan;
  readonly model: ModelFacts;
  readonly physicalCores: number;
  readonly heldOutRows: number;
  /** Mean length of a row in tokens. */
  readonly rowTokens: number;
  /** False: the chain ends behind the training. */
  readonly exports: boolean;
  /** The type of the exported file is named, so the others are not tried. */
  readonly isTypeNamed: boolean;
  /** Bytes that have to come over the network first. */
  readonly downloadBytes: number;
  /** Bytes that an installation takes on the disk. */
  readonly installedBytes: number;
  /** The base was brought into its training form by an earlier chain. */
  readonly isBasePrepared: boolean;
}

export interface ChainForecast {
  /** Training steps with their evaluations. */
  readonly trainSeconds: number;
  /** The whole chain. */
  readonly totalSeconds: number;
  /** What it leaves on the disk at its peak. */
  readonly diskBytes: number;
}

/**
 * Seconds of the steps beside training in one measured run (docs/measured.md, "quickstart": SmolLM2-135M, 2 cores, 83 held-out rows of 155 tokens; environment
 * and packages in their caches). `aroundTraining`: the step took 169.8 s of which 150 were planned. All of them are arithmetic on the weights, so they are taken to grow
 * with the parameters and to shrink with the cores; the two evaluations grow with rows and their length as well.
 */
const measured = {
  parameters: 134_515_008,
  cores: 2,
  heldOutRows: 83,
  rowTokens: 155,
  prepareSeconds: 3.8,
  baseExportSeconds: 47.1,
  baselineSeconds: 33.2,
  aroundTrainingSeconds: 19.8,
  exportSeconds: 3.1,
  paritySeconds: 52.6,
  evaluateSeconds: 23,
  serveSeconds: 2.2,
} as const;

/** Assumed, not measured: a middling line to the house, and unpacking what came. */
const downloadBytesPerSecond = 5e6;
const unpackBytesPerSecond = 50e6;

/** Bytes a weight takes in the files that are made: two in bf16 and F16; Q4_K_M, Q5_K_M, Q6_K and Q8_0 are 0.56, 0.69, 0.82 and 1.06. */
const bytesPerWeight = { whole: 2, largestQuantised: 1.06, allQuantised: 0.56 + 0.69 + 0.82 + 1.06 } as const;
/** A checkpoint keeps the trained numbers and the optimiser's two moments in fp32; two are kept, and the adapter itself. */
const bytesPerTrained = 2 * 12 + 4;

/** What a chain will take beside its training, as far as one measured run can tell: the order of magnitude, not the second. */
export function forecastChain(question: ChainQuestion): ChainForecast {
  const trainSeconds = question.plan.forecast.secondsAtMost;
  return {
    trainSeconds,
    totalSeconds: trainSeconds + secondsBefore(question) + secondsOfModelWork(question),
    diskBytes: diskBytes(question),
  };
}

function secondsBefore({ downloadBytes, installedBytes }: ChainQuestion): number {
  return downloadBytes / downloadBytesPerSecond + installedBytes / unpackBytesPerSecond;
}

function secondsOfModelWork(question: ChainQuestion): number {
  const { model, physicalCores, heldOutRows, rowTokens, exports, isBasePrepared } = question;
  const size = model.parameters / measured.parameters;
  const slowness = size * (measured.cores / Math.max(1, physicalCores));
  const answers = (heldOutRows / measured.heldOutRows) * (rowTokens / measured.rowTokens);
  // Reading and writing weights is the disk's work: more cores do not help.
  const training = measured.aroundTrainingSeconds * slowness + (isBasePrepared ? 0 : measured.prepareSeconds * size);
  if (!exports) return training;
  const files = measured.exportSeconds * size + (measured.baseExportSeconds + measured.paritySeconds) * slowness;
  const answering = (measured.baselineSeconds + measured.evaluateSeconds) * slowness * answers;
  return training + files + answering + measured.serveSeconds;
}

function diskBytes(question: ChainQuestion): number {
  const { plan, model, exports, isTypeNamed, downloadBytes, installedBytes, isBasePrepared } = question;
  const { whole, largestQuantised, allQuantised } = bytesPerWeight;
  const quantised = isTypeNamed ? largestQuantised : allQuantised;
  const base = isBasePrepared ? 0 : whole + (exports ? whole + quantised : 0);
  const tuned = exports ? 2 * whole + largestQuantised : 0;
  const trained = plan.forecast.trainableParameters * bytesPerTrained;
  return Math.round(downloadBytes + installedBytes + model.parameters * (base + tuned) + trained);
}
