import type { Housekeeping } from '../compose-housekeeping.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

/** `settings.*`, `storage.*`, `network.*`, `about.*`. */
export function settingsHandlers({
  settings,
  storage,
  ledger,
  licences,
  isOffline,
}: Omit<Housekeeping, 'meters' | 'log'>): Handlers<'settings' | 'storage' | 'network' | 'about'> {
  const procedures = forgeImplementer;
  return {
    settings: {
      list: procedures.settings.list.handler(() => settings.list()),
      set: procedures.settings.set.handler(({ input }) => settings.set(input.key, input.value)),
    },
    storage: {
      usage: procedures.storage.usage.handler(() => storage.usage()),
      clean: procedures.storage.clean.handler(async ({ input }) => ({ freedBytes: await storage.clean(input.id) })),
    },
    network: {
      ledger: procedures.network.ledger.handler(async ({ input }) => ({
        ...(await ledger.page(input)),
        offline: isOffline(),
      })),
    },
    about: {
      licences: procedures.about.licences.handler(() => licences()),
    },
  };
}
