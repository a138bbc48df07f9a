import type { StoreApi } from 'zustand/vanilla';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf } from '../../connection/engine-access.ts';

/** What goes on and what did not go, by the name of the act. */
export interface ActState {
  readonly busy: ReadonlySet<string>;
  readonly failures: ReadonlyMap<string, ForgeErrorData>;
}

export const noActs: ActState = { busy: new Set(), failures: new Map() };

/** Runs one act of a name at a time; true when it went. What went wrong stands in `failures` until the next try. */
export async function act(store: StoreApi<ActState>, name: string, work: () => Promise<unknown>): Promise<boolean> {
  if (store.getState().busy.has(name)) return false;
  store.setState(({ busy, failures }) => ({
    busy: new Set([...busy, name]),
    failures: new Map([...failures].filter(([other]) => other !== name)),
  }));
  try {
    await work();
    return true;
  } catch (error) {
    store.setState(({ failures }) => ({ failures: new Map(failures).set(name, failureOf(error)) }));
    return false;
  } finally {
    store.setState(({ busy }) => ({ busy: new Set([...busy].filter((other) => other !== name)) }));
  }
}
