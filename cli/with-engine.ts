import { connectEngine, type EngineConnection } from './engine-connection.ts';
import type { Invocation } from './invocation.ts';

/**
 * Runs short work against the engine of the home, starting one when none answers. A started engine is left running: the next command of the same sitting
 * finds it at once, and `forge stop` ends it.
 */
export async function withEngine<T>(invocation: Invocation, work: (connection: EngineConnection) => Promise<T>): Promise<T> {
  const connection = await connectEngine(invocation);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
