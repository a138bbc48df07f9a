import { WorkStopped, type WorkContext } from '../work-context.ts';

const wishEveryMs = 100;

/**
 * Work that waits for a sandbox and not beside it: what is wished is heard all the same, well within a second. `signal` ends the sandbox.
 * @throws WorkStopped at a pause or a cancel, whatever the stopped sandbox says of itself
 */
export async function whileWished<T>(
  context: Pick<WorkContext, 'wish'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const timer = setInterval(() => {
    if (context.wish() !== 'go-on') stopping.abort(new WorkStopped());
  }, wishEveryMs);
  try {
    return await work(stopping.signal);
  } catch (error) {
    if (context.wish() !== 'go-on') throw new WorkStopped();
    throw error;
  } finally {
    clearInterval(timer);
  }
}
