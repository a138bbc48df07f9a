import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MeterReading } from '#contract/hardware.ts';
import type { EngineAccess } from '../../connection/engine-access.ts';

export interface MetersState {
  /** The last five minutes, oldest first; empty while nobody looks. */
  readonly readings: readonly MeterReading[];
  /** Reads the meters for as long as somebody looks at them. Returns how to stop. */
  open(): () => void;
}

const keptReadings = 300;

export function createMetersStore(engine: EngineAccess): StoreApi<MetersState> {
  const store: StoreApi<MetersState> = createStore<MetersState>(() => ({
    readings: [],
    open: () =>
      engine.follow(async (client, signal) => {
        for await (const reading of await client.machines.meters(undefined, { signal })) {
          store.setState(({ readings }) => ({ readings: [...readings, reading].slice(-keptReadings) }));
        }
      }),
  }));
  return store;
}
