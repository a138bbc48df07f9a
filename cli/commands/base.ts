import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { BaseModelView } from '#contract/base-models.ts';
import type { ForgeClient } from '#contract/client.ts';
import { confirm } from '../ask.ts';
import { downloadProgress } from '../download-progress.ts';
import { exitCode } from '../failure.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { resolveBase } from '../main-job-request.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { baseModelLines, baseModelTable } from '../terminal/base-model-view.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** `forge base list`. */
export async function listBaseModels(invocation: Invocation): Promise<number> {
  const models = await withEngine(invocation, ({ client }) => client.baseModels.list());
  printResult(invocation, models, () => baseModelTable(models, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge base show`. */
export async function showBaseModel(invocation: Invocation): Promise<number> {
  const id = await resolveBase(invocation, invocation.words[0] ?? '');
  const model = await withEngine(invocation, ({ client }) => client.baseModels.show({ id }));
  printResult(invocation, model, () => baseModelLines(model, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** Fetches a model of the catalogue or the hub; null when the signal broke it off (what came is kept). */
export async function obtainBaseModel(
  invocation: Invocation,
  client: ForgeClient,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<BaseModelView | null> {
  const progress = downloadProgress(invocation);
  try {
    for await (const event of await client.baseModels.obtain({ id }, { signal })) {
      if (event.kind === 'done') return event.model;
      progress.show(event);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.finish();
  }
  if (signal.aborted) return null;
  throw new Error(`the download of ${id} ended without a model`);
}

/** `forge base add`: a folder or GGUF file of this disk where it lies, or a model of the catalogue or the hub, which is fetched. */
export async function addBaseModel(invocation: Invocation): Promise<number> {
  const base = await resolveBase(invocation, invocation.words[0] ?? '');
  const stop = listenForStop();
  try {
    const model = await withEngine(invocation, ({ client }) =>
      path.isAbsolute(base)
        ? client.baseModels.add({ path: base, name: textValue(invocation, 'name') ?? null, requestId: randomUUID() })
        : obtainBaseModel(invocation, client, { id: base, signal: stop.first }),
    );
    if (model === null) {
      invocation.terminal.err(`Stopped. What was fetched is kept.\nGo on with: ${invocation.typed}\n`);
      return exitCode.interrupted;
    }
    printResult(invocation, model, () => [
      ...baseModelLines(model, outStyle(invocation.terminal)),
      '',
      `Train on it: forge train --base ${model.id} --dataset your-examples.csv`,
    ]);
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}

/** `forge base remove`: the person's own files always stay. */
export async function removeBaseModel(invocation: Invocation): Promise<number> {
  return withEngine(invocation, async ({ client }) => {
    const model = await client.baseModels.show({ id: invocation.words[0] ?? '' });
    const what = model.isOwn
      ? `${model.id} goes from the list; your files stay.`
      : `What Forge fetched for ${model.id} goes; models made from it stay.`;
    if (!(await confirm(invocation, what))) {
      invocation.terminal.err('Nothing was removed.\n');
      return exitCode.stopped;
    }
    const { freedBytes } = await client.baseModels.remove({ id: model.id, requestId: randomUUID() });
    printResult(invocation, { removed: model.id, freedBytes }, () => [
      `Removed ${model.id}; ${bytes(freedBytes)} are free again.`,
    ]);
    return exitCode.done;
  });
}
