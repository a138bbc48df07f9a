import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingView } from '#contract/settings.ts';
import { newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { act, noActs, type ActState } from './acts.ts';

export interface SettingsData extends ActState {
  /** Null while they are being read. */
  readonly settings: readonly SettingView[] | null;
  /** Keys that were changed since the window was opened and hold only after the next start of the engine. */
  readonly waitsForRestart: ReadonlySet<string>;
}

export interface SettingsStoreState extends SettingsData {
  load(): Promise<void>;
  /** Null: the default again. True when the engine took it. */
  change(key: string, value: SettingView['value'] | null): Promise<boolean>;
}

/** Every key of config.toml. An act is named by its key; `load` is the reading of all. */
export function createSettingsStore(engine: EngineAccess): StoreApi<SettingsStoreState> {
  const store: StoreApi<SettingsStoreState> = createStore<SettingsStoreState>(() => ({
    ...noActs,
    settings: null,
    waitsForRestart: new Set(),
    load: async () => {
      await act(store, 'load', async () => {
        store.setState({ settings: await engine.call((client) => client.settings.list()) });
      });
    },
    change: (key, value) =>
      act(store, key, async () => {
        const changed = await engine.call((client) => client.settings.set({ key, value, requestId: newRequestId() }));
        store.setState(({ settings, waitsForRestart }) => ({
          settings: settings?.map((setting) => (setting.key === key ? changed : setting)) ?? null,
          waitsForRestart: changed.needsRestart ? new Set([...waitsForRestart, key]) : waitsForRestart,
        }));
      }),
  }));
  return store;
}

export function settingOf(settings: readonly SettingView[] | null, key: string): SettingView | null {
  return settings?.find((setting) => setting.key === key) ?? null;
}
