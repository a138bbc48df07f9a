import { access } from 'node:fs/promises';
import path from 'node:path';
import { modelName, suggestModelName, type MainJobRequest } from '#contract/main-job.ts';
import { datasetReferenceOf, findVersion } from './dataset-reference.ts';
import { usageFailure } from './failure.ts';
import { isOn, numberValue, textValue, type Invocation } from './invocation.ts';
import { mappingOf, settingsOf } from './mapping-and-settings.ts';
import { withEngine } from './with-engine.ts';

function nameOf(invocation: Invocation): string | undefined {
  const name = textValue(invocation, 'name');
  if (name !== undefined && !modelName.safeParse(name).success) {
    throw usageFailure(
      `--name is ${name}, which can not be the name of a model.`,
      `Use lower-case letters, digits, - _ and . (1 to 60 of them, a letter or digit first), for example --name ${suggestModelName(name)}.`,
    );
  }
  return name;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/**
 * A base as the engine takes it: what looks like a path becomes absolute, since the engine works in another folder; hub ids hold slashes too, so there
 * the file has to exist.
 */
export async function resolveBase(invocation: Invocation, base: string): Promise<string> {
  if (path.isAbsolute(base)) return base;
  const resolved = path.resolve(invocation.workingDirectory, base);
  const surelyPath = /^\.{1,2}([/\\]|$)/.test(base) || /\.gguf$/i.test(base);
  if (surelyPath) return resolved;
  return /[/\\]/.test(base) && (await exists(resolved)) ? resolved : base;
}

/** A file as a whole path; `NAME` or `NAME:vN` of an imported dataset as the rows of that version. A file of that name wins. */
async function datasetOf(invocation: Invocation, dataset: string): Promise<string> {
  const file = path.resolve(invocation.workingDirectory, dataset);
  if (datasetReferenceOf(dataset) === null || (await exists(file))) return file;
  const version = await withEngine(invocation, ({ client }) => findVersion(client, dataset));
  if (version === null) return file;
  return path.join(invocation.home, 'datasets', version.name, `v${version.version}`, 'rows.jsonl');
}

type Quantisation = NonNullable<MainJobRequest['quantisation']>;
type Method = NonNullable<MainJobRequest['method']>;

/** The request of `quickstart` and `train` from their options; what was not given stays out, so that the engine plans it. */
export async function mainJobRequestOf(invocation: Invocation): Promise<MainJobRequest> {
  const dataset = textValue(invocation, 'dataset');
  const base = textValue(invocation, 'base');
  const given = {
    name: nameOf(invocation),
    dataset: dataset === undefined ? undefined : await datasetOf(invocation, dataset),
    base: base === undefined ? undefined : await resolveBase(invocation, base),
    systemPrompt: textValue(invocation, 'system-prompt'),
    minutes: numberValue(invocation, 'minutes'),
    epochs: numberValue(invocation, 'epochs'),
    batchSize: numberValue(invocation, 'batch-size'),
    method: textValue(invocation, 'method') as Method | undefined,
    rank: numberValue(invocation, 'rank'),
    learningRate: numberValue(invocation, 'learning-rate'),
    heldOutRows: numberValue(invocation, 'held-out'),
    quantisation: textValue(invocation, 'quantisation') as Quantisation | undefined,
    seed: numberValue(invocation, 'seed'),
    mapping: mappingOf(invocation),
    settings: settingsOf(invocation),
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    ...present,
    export: !isOn(invocation, 'no-export'),
    deployToOllama: isOn(invocation, 'no-deploy') ? 'never' : 'auto',
  };
}
