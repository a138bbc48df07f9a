import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { counted, duration } from '../terminal/units.ts';
import { withEngine } from '../with-engine.ts';

/** `forge index rebuild`. */
export async function rebuildIndex(invocation: Invocation): Promise<number> {
  const done = await withEngine(invocation, ({ client }) => client.engine.rebuildIndex());
  printResult(invocation, done, () => [
    `The index was made anew in ${duration(done.seconds)}: ${counted(done.jobs, 'job')}, ${counted(done.attempts, 'attempt')}, ${counted(done.events, 'event')}.`,
  ]);
  return exitCode.done;
}
