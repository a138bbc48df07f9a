import { connectEngine, leaveEngine, type EngineConnection } from './engine-connection.ts';
import type { Invocation } from './invocation.ts';

interface EngineUse {
  /** True: an engine this command had to start goes on after it, because there is work or a page for it to look after. */
  readonly engineStays?: boolean;
}

/** Runs short work against the engine of the home, starting one when none answers; an engine it started ends with it. */
export async function withEngine<T>(
  invocation: Invocation,
  work: (connection: EngineConnection) => Promise<T>,
  { engineStays = false }: EngineUse = {},
): Promise<T> {
  const connection = await connectEngine(invocation);
  try {
    return await work(connection);
  } finally {
    if (engineStays) connection.close();
    else await leaveEngine(connection);
  }
}
