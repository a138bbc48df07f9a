import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { confirm } from '../ask.ts';
import { baseModelsOf } from '../base-models.ts';
import { exitCode } from '../failure.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { baseModelLines, baseModelTable } from '../terminal/base-model-view.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** `forge base list`. */
export async function listBaseModels(invocation: Invocation): Promise<number> {
  const models = await withEngine(invocation, ({ client }) => baseModelsOf(client).list());
  printResult(invocation, models, () => baseModelTable(models, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge base show`. */
export async function showBaseModel(invocation: Invocation): Promise<number> {
  const base = invocation.words[0] ?? '';
  const model = await withEngine(invocation, ({ client }) => baseModelsOf(client).get({ base }));
  printResult(invocation, model, () => baseModelLines(model, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge base add`: a folder or a GGUF file of this disk, under a name of its own. The files stay where they are. */
export async function addBaseModel(invocation: Invocation): Promise<number> {
  const file = path.resolve(invocation.workingDirectory, invocation.words[0] ?? '');
  const name = textValue(invocation, 'name') ?? null;
  const model = await withEngine(invocation, ({ client }) =>
    baseModelsOf(client).add({ path: file, name, requestId: randomUUID() }),
  );
  printResult(invocation, model, () => [
    ...baseModelLines(model, outStyle(invocation.terminal)),
    '',
    `Train on it: forge train --base ${model.id} --dataset your-examples.csv`,
  ]);
  return exitCode.done;
}

/** `forge base remove`. */
export async function removeBaseModel(invocation: Invocation): Promise<number> {
  return withEngine(invocation, async ({ client }) => {
    const procedures = baseModelsOf(client);
    const model = await procedures.get({ base: invocation.words[0] ?? '' });
    const what = model.isOwn
      ? `${model.id} goes from the list; your files stay.`
      : `What Forge fetched for ${model.id} goes; models made from it stay.`;
    if (!(await confirm(invocation, what))) {
      invocation.terminal.err('Nothing was removed.\n');
      return exitCode.stopped;
    }
    const removed = await procedures.remove({ base: model.id, requestId: randomUUID() });
    printResult(invocation, removed, () => [
      `Removed ${removed.removed}; ${bytes(removed.freedBytes)} are free again.`,
    ]);
    return exitCode.done;
  });
}
