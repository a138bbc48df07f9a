import type {
  DatasetFacts,
  MachineFacts,
  ModelFacts,
  RecipePlan,
  RecipeSettings,
  RecipeWishes,
  TrainMethod,
  TrainRecipe,
} from '#contract/recipes.ts';
import { say } from '#contract/sentences.ts';
import { batchSizeFor, checkHandSettings, wishesWithSettings, withHandSettings } from './hand-settings.ts';
import { checkWishes } from './check-wishes.ts';
import { type Fit, fitRecipe } from './fit-recipe.ts';
import { cpuMinutes, forecastSecondsPerStep } from './forecast-time.ts';
import { trainableParameters } from './memory-fit.ts';
import { type Choice, type Choices, fixedChoices } from './fixed-choices.ts';
import { planWarnings } from './plan-warnings.ts';
import {
  alphaPerRank,
  carefulDefaults,
  commonDefaults,
  epochsByRows,
  sizeDefaults,
  type SizeDefaults,
} from './recipe-defaults.ts';

export interface PlanInput {
  readonly model: ModelFacts;
  readonly dataset: DatasetFacts;
  readonly machine: MachineFacts;
  readonly wishes?: RecipeWishes;
  /** Single settings set by hand: they win over wishes and over what is planned. */
  readonly settings?: RecipeSettings;
}

const asked = say('plan.asked');

function choose<T>(wish: T | undefined, value: T, reason: string): Choice<T> {
  return wish === undefined ? { value, reason } : { value: wish, reason: asked };
}

function defaultsFor(model: ModelFacts): SizeDefaults {
  const found = sizeDefaults.find((size) => model.parameters < size.belowParameters) ?? sizeDefaults.at(-1);
  if (found === undefined) throw new Error('the table of sizes is empty');
  return found;
}

function choosePrecision({ machine, settings }: PlanInput): Choice<TrainRecipe['precision']> {
  if (settings?.precision !== undefined) return { value: settings.precision, reason: asked };
  if (machine.bf16) return { value: 'bf16', reason: say('plan.precision-bf16') };
  if (machine.device === 'cpu') return { value: 'fp32', reason: say('plan.precision-fp32') };
  return { value: 'fp16', reason: say('plan.precision-fp16') };
}

function chooseLearningRate(input: PlanInput, method: TrainMethod, size: SizeDefaults): Choice<number> {
  const wishes = input.wishes ?? {};
  if (wishes.careful === true) {
    const reason = say('plan.rate-careful');
    return choose(wishes.learningRate, carefulDefaults.learningRate, reason);
  }
  const full = method === 'full';
  const reason = full ? say('plan.rate-full', { size: size.name }) : say('plan.rate', { size: size.name });
  return choose(wishes.learningRate, full ? size.fullLearningRate : size.learningRate, reason);
}

function chooseRank({ model, wishes = {} }: PlanInput, size: SizeDefaults): Choice<number> {
  const careful = wishes.careful === true;
  const value = Math.min(careful ? carefulDefaults.rank : size.rank, model.hiddenSize);
  const reason = careful ? say('plan.rank-careful') : say('plan.rank', { size: size.name });
  return choose(wishes.rank, value, reason);
}

function chooseLength({ model, dataset, wishes }: PlanInput): Choice<number> {
  const { longest } = dataset.tokens;
  const margin = dataset.estimated ? 1.3 : 1;
  const rounded = Math.max(64, Math.ceil((longest * margin) / 64) * 64);
  const value = Math.min(model.contextLength, rounded);
  const reason =
    value < rounded
      ? say('plan.length-cut', { tokens: model.contextLength })
      : say(dataset.estimated ? 'plan.length-estimated' : 'plan.length', { tokens: longest });
  return choose(wishes?.maxLength, value, reason);
}

function chooseBatchSize({ dataset, wishes, settings = {} }: PlanInput, size: SizeDefaults): Choice<number> {
  const value = Math.min(size.batchSize, dataset.trainRows);
  const wished = wishes?.batchSize;
  return choose(
    wished === undefined ? wished : batchSizeFor(wished, true, settings),
    batchSizeFor(value, false, settings),
    say('plan.batch', { size: size.name }),
  );
}

function chooseEpochs({ dataset, wishes }: PlanInput): Choice<number> {
  const value = epochsByRows.find(({ belowRows }) => dataset.trainRows < belowRows)?.epochs ?? 1;
  return choose(wishes?.epochs, value, say('plan.epochs', { rows: dataset.trainRows }));
}

function chooseMinutes(input: PlanInput): Choice<number | null> {
  const { wishes, machine, model, dataset } = input;
  if (wishes?.minutes !== undefined) return { value: wishes.minutes === 0 ? null : wishes.minutes, reason: asked };
  if (machine.device !== 'cpu') return { value: null, reason: say('plan.minutes-unbound') };
  const minutes = cpuMinutes(model, dataset, machine);
  const reason = say('plan.minutes', { cores: machine.physicalCores });
  return { value: minutes, reason };
}

function methodReason(method: TrainMethod, wished: boolean): string {
  if (wished) return asked;
  return method === 'qlora' ? say('plan.method-qlora') : say('plan.method-lora');
}

function fitChoices(
  fit: Fit,
  input: PlanInput,
  batch: Choice<number>,
): Pick<Choices, 'method' | 'microBatchSize' | 'gradientAccumulation' | 'gradientCheckpointing'> {
  const { method, microBatchSize, gradientAccumulation, gradientCheckpointing } = fit.settings;
  const whole = gradientAccumulation === 1;
  return {
    method: { value: method, reason: methodReason(method, input.wishes?.method !== undefined) },
    microBatchSize: {
      value: microBatchSize,
      reason: whole ? batch.reason : say('plan.micro-batch'),
    },
    gradientAccumulation: {
      value: gradientAccumulation,
      reason: whole ? say('plan.accumulation-none') : say('plan.accumulation', { rows: batch.value }),
    },
    gradientCheckpointing: {
      value: gradientCheckpointing,
      reason: gradientCheckpointing ? say('plan.checkpointing-on') : say('plan.checkpointing-off'),
    },
  };
}

function chooseEvaluation(stepsPerEpoch: number, stepsAtMost: number): Choice<number> {
  const { evaluateEverySteps, evaluationsAtMost } = commonDefaults;
  const value = Math.max(
    1,
    Math.min(stepsPerEpoch, Math.max(evaluateEverySteps, Math.ceil(stepsAtMost / evaluationsAtMost))),
  );
  return { value, reason: say('plan.evaluation') };
}

function separate(choices: Choices): { recipe: TrainRecipe; reasons: Record<string, string> } {
  const entries = Object.entries(choices);
  const recipe = Object.fromEntries(entries.map(([key, choice]) => [key, choice.value])) as TrainRecipe;
  return { recipe, reasons: Object.fromEntries(entries.map(([key, choice]) => [key, choice.reason])) };
}

/**
 * Plans a training run: every setting of the worker's `recipe` with a sentence why, the memory and time it will take, and warnings.
 * What a person asked for is checked and kept. Pure. Throws ForgeError `recipe.*` when a wish is out of range or nothing fits.
 */
export function planRecipe(given: PlanInput): RecipePlan {
  const { model, dataset, machine, settings = {} } = given;
  const wishes = wishesWithSettings(given.wishes ?? {}, settings);
  const input = { ...given, wishes };
  checkWishes(wishes, model, machine);
  checkHandSettings(settings, wishes.method ?? 'lora', machine);
  const size = defaultsFor(model);
  const [precision, length, batch] = [choosePrecision(input), chooseLength(input), chooseBatchSize(input, size)];
  const rank = chooseRank(input, size);
  const fit = fitRecipe({
    model,
    dataset,
    machine,
    method: wishes.method ?? 'lora',
    methodAsked: wishes.method !== undefined,
    precision: precision.value,
    rank: rank.value,
    maxLength: length.value,
    batchSize: batch.value,
    byHand: settings,
  });
  const { method } = fit.settings;
  const [epochs, minutes] = [chooseEpochs(input), chooseMinutes(input)];
  const stepsPerEpoch = Math.ceil(dataset.trainRows / batch.value);
  const secondsPerStep = forecastSecondsPerStep(input, fit.settings);
  const epochSteps = Math.max(1, Math.ceil(stepsPerEpoch * epochs.value));
  const timeSteps = minutes.value === null ? Infinity : Math.max(1, Math.floor((minutes.value * 60) / secondsPerStep));
  const stepsAtMost = Math.min(epochSteps, timeSteps);
  const planned: Choices = {
    ...fixedChoices(method),
    ...fitChoices(fit, input, batch),
    rank,
    precision,
    epochs,
    maxLength: length,
    maxMinutes: minutes,
    alpha: {
      value: alphaPerRank * rank.value,
      reason: say('plan.alpha'),
    },
    learningRate: chooseLearningRate(input, method, size),
    evaluateEverySteps: chooseEvaluation(stepsPerEpoch, stepsAtMost),
  };
  const { recipe, reasons } = separate(withHandSettings(planned, settings));
  const forecast = {
    memory: fit.memory,
    memoryAvailableBytes: machine.memoryBytes,
    stepsPerEpoch,
    stepsAtMost,
    secondsPerStep,
    secondsAtMost: Math.min(stepsAtMost * secondsPerStep, minutes.value === null ? Infinity : minutes.value * 60),
    trainableParameters: trainableParameters(model, fit.settings),
  };
  const plan = { device: machine.device, recipe, reasons, forecast };
  return { ...plan, warnings: planWarnings(plan, input) };
}
