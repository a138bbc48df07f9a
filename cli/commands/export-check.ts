import type { ForgeClient } from '#contract/client.ts';
import type { ModelCheck } from '#contract/exports.ts';
import { quantisationType } from '#contract/main-job.ts';
import { followExport, withReturningEngine } from '../export-progress.ts';
import { exitCode } from '../failure.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { checkLines } from '../terminal/export-view.ts';
import { outStyle } from '../terminal/view-style.ts';

async function check(invocation: Invocation, client: ForgeClient, signal: AbortSignal): Promise<ModelCheck | null> {
  const type = quantisationType.nullable().parse(textValue(invocation, 'type') ?? null);
  const model = modelTag(await findModel(client, invocation.words[0] ?? ''));
  const done = await followExport(invocation, client.models.check({ model, type }, { signal }), signal);
  return done?.check ?? null;
}

/** `forge export check`: the gates again, now; a gate that fails is exit code 1. */
export async function runExportCheck(invocation: Invocation): Promise<number> {
  const stop = listenForStop();
  try {
    const checked = await withReturningEngine(invocation, stop.first, (client) =>
      check(invocation, client, stop.first),
    );
    if (checked === null) {
      invocation.terminal.err('Stopped. Nothing was changed.\n');
      return exitCode.interrupted;
    }
    printResult(invocation, checked, () => checkLines(checked, outStyle(invocation.terminal)));
    return checked.passed ? exitCode.done : exitCode.failed;
  } finally {
    stop.dispose();
  }
}
