import type { ForgeClient } from '#contract/client.ts';
import { modelReference, type ModelVersion } from '#contract/models.ts';
import { CommandFailure, exitCode, usageFailure } from './failure.ts';

/** The model a person named, or the newest finished one when none was named. Throws the engine's `engine.not-found`, or a failure that says how to make one. */
export async function findModel(client: ForgeClient, word: string): Promise<ModelVersion> {
  if (word !== '') {
    if (modelReference.safeParse(word).success) return client.models.get({ model: word });
    throw usageFailure(
      `${word} is not the name of a model.`,
      'Write the model first: name, name:latest or name:v3. `forge models` lists them.',
    );
  }
  const models = await client.models.list();
  const newest = models
    .filter(({ state }) => state === 'ready')
    .sort((left, right) => right.createdAt - left.createdAt)[0];
  if (newest !== undefined) return newest;
  throw new CommandFailure({
    code: 'command.no-model',
    message: 'There is no finished model yet.',
    remedy: 'Make one with `forge quickstart` or `forge train --dataset your-examples.csv`.',
    exitCode: exitCode.usage,
  });
}

/** `support:v1`. */
export function modelTag({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string {
  return `${name}:v${version}`;
}
