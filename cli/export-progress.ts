import { setTimeout as sleep } from 'node:timers/promises';
import { isForgeError, type ForgeClient } from '#contract/client.ts';
import type { ExportProgress } from '#contract/exports.ts';
import { downloadProgress } from './download-progress.ts';
import { CommandFailure } from './failure.ts';
import type { Invocation } from './invocation.ts';
import { printNote } from './output.ts';
import { withEngine } from './with-engine.ts';

type ExportEvent = (ExportProgress & { readonly kind: 'progress' }) | { readonly kind: 'done' };

/** Shows an export or a check until its last event, which is returned; null when the signal broke it off. */
export async function followExport<E extends ExportEvent>(
  invocation: Invocation,
  events: Promise<AsyncIterable<E>>,
  signal: AbortSignal,
): Promise<Extract<E, { readonly kind: 'done' }> | null> {
  const progress = downloadProgress(invocation);
  try {
    for await (const event of await events) {
      if (event.kind === 'progress') progress.show(event);
      else return event as Extract<E, { readonly kind: 'done' }>;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.finish();
  }
  if (signal.aborted) return null;
  throw new Error('the engine ended the work without an outcome');
}

/** How often an engine that was lost on the way is found or started again within one command. */
const mostReturns = 3;

/**
 * Runs an export or a check with the engine. An engine that ends on the way (another command had started it, or it was stopped) is no end
 * of the work: its workers live on, and the same call to the next engine finds what they made.
 */
export async function withReturningEngine<T>(
  invocation: Invocation,
  signal: AbortSignal,
  work: (client: ForgeClient) => Promise<T>,
): Promise<T> {
  for (let returns = 0; ; returns += 1) {
    try {
      return await withEngine(invocation, ({ client }) => work(client));
    } catch (error) {
      const isExpected = error instanceof CommandFailure || isForgeError(error) !== null;
      if (isExpected || signal.aborted || returns >= mostReturns) throw error;
      printNote(invocation, 'The connection to the engine was lost; going on with a new one');
      await sleep(300);
    }
  }
}
