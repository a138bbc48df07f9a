import path from 'node:path';
import type { ForgeClient } from '#contract/client.ts';
import { exportFormat, type ModelExport, type ModelExportRequest } from '#contract/exports.ts';
import { quantisationType } from '#contract/main-job.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { followExport, withReturningEngine } from '../export-progress.ts';
import { isOn, textValue, type Invocation } from '../invocation.ts';
import { findModel, modelTag } from '../model-reference.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { exportLines } from '../terminal/export-view.ts';
import { outStyle } from '../terminal/view-style.ts';

/** `--to` as the engine takes it: absolute; a slash at its end stays, because it means a folder. */
function targetOf(invocation: Invocation): string {
  const given = textValue(invocation, 'to') ?? '.';
  const resolved = path.resolve(invocation.workingDirectory, given);
  return /[/\\]$/.test(given) ? path.join(resolved, path.sep) : resolved;
}

function requestOf(invocation: Invocation, model: string): ModelExportRequest {
  const format = exportFormat.parse(textValue(invocation, 'format') ?? 'gguf');
  const type = quantisationType.nullable().parse(textValue(invocation, 'type') ?? null);
  if (format !== 'gguf' && type !== null) {
    throw usageFailure(
      `--type ${type} belongs to a GGUF file of the whole model, not to --format ${format}.`,
      'Leave one of the two out.',
    );
  }
  return {
    ...{ model, format, type, to: targetOf(invocation) },
    ...{ overwrite: isOn(invocation, 'overwrite'), evenIfWorse: isOn(invocation, 'even-if-worse') },
  };
}

/** Writes it and follows; null when Ctrl-C broke it off. */
async function write(
  invocation: Invocation,
  client: ForgeClient,
  signal: AbortSignal,
): Promise<{ readonly export: ModelExport; readonly score: number | null } | null> {
  // What is wrong on the command line is told before an engine looks for the model.
  requestOf(invocation, 'model');
  const model = await findModel(client, invocation.words[0] ?? '');
  const events = client.models.export(requestOf(invocation, modelTag(model)), { signal });
  const done = await followExport(invocation, events, signal);
  return done === null ? null : { export: done.export, score: model.tunedScore };
}

/** `forge export`: a version as a file or folder of the person's. */
export async function runExport(invocation: Invocation): Promise<number> {
  const stop = listenForStop();
  try {
    const done = await withReturningEngine(invocation, stop.first, (client) => write(invocation, client, stop.first));
    if (done === null) {
      invocation.terminal.err('Stopped. Nothing was written.\n');
      return exitCode.interrupted;
    }
    printResult(invocation, done.export, () => exportLines(done.export, done.score, outStyle(invocation.terminal)));
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
