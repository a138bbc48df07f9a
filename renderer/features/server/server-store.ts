import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ForgeClient } from '#contract/client.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ServedRequest } from '#contract/serving-state.ts';
import type { SettingView } from '#contract/settings.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';

/** An act that goes on; those about one model carry its name. */
export type ServerAct =
  'switch' | 'restart' | 'address' | 'key' | 'login' | `load:${string}` | `unload:${string}` | `choose:${string}`;

export interface ServerData {
  /** Newest first; null while they are being read. */
  readonly requests: readonly ServedRequest[] | null;
  readonly busy: ReadonlySet<ServerAct>;
  /** Why the last act did not go. */
  readonly failure: ForgeErrorData | null;
  /** The engine's log; null while it is not known. */
  readonly logFile: string | null;
  /** `server.start_with_engine`; null while it is not read. */
  readonly startsWithEngine: SettingView | null;
}

/** Acts tell whether they went; why not stands in `failure`. */
export interface ServerStoreState extends ServerData {
  /** Follows the requests until what it returns is called. */
  open(): () => void;
  start(): Promise<boolean>;
  stop(): Promise<boolean>;
  restart(): Promise<boolean>;
  /** Listens there from now on, and after the next start of the engine too. */
  listenAt(address: { readonly host?: string; readonly port?: number }): Promise<boolean>;
  load(model: string): Promise<boolean>;
  unload(model: string): Promise<boolean>;
  /** Null follows the newest again. */
  choose(name: string, version: number | null): Promise<boolean>;
  /** The key, for the clipboard alone; it is kept nowhere in the window. */
  readKey(): Promise<string>;
  setKey(wanted: { readonly required: boolean; readonly renew?: boolean }): Promise<boolean>;
  /** Requires the key, then starts: the remedy for an address that others can reach. */
  requireKeyAndStart(): Promise<boolean>;
  setStartsWithEngine(starts: boolean): Promise<boolean>;
  clearFailure(): void;
}

type Store = StoreApi<ServerStoreState>;
type Act = (name: ServerAct, work: (client: ForgeClient) => Promise<unknown>) => Promise<boolean>;

const shownRequests = 50;
const startSetting = 'server.start_with_engine';

export function createServerStore(engine: EngineAccess): Store {
  return createStore<ServerStoreState>((_set, _get, store) => ({
    requests: null,
    busy: new Set(),
    failure: null,
    logFile: null,
    startsWithEngine: null,
    open: () => engine.follow((client, signal) => follow(store, client, signal)),
    clearFailure: () => store.setState({ failure: null }),
    readKey: async () => (await engine.call((client) => client.serving.key())).key,
    ...actions(store, actOf(store, engine)),
  }));
}

async function follow(store: Store, client: ForgeClient, signal: AbortSignal): Promise<void> {
  const [status, settings] = await Promise.all([
    client.engine.status(undefined, { signal }),
    client.settings.list(undefined, { signal }),
  ]);
  store.setState({
    logFile: logFileIn(status.home),
    startsWithEngine: settings.find(({ key }) => key === startSetting) ?? null,
  });
  let total: number | null = null;
  for await (const view of await client.serving.watch(undefined, { signal })) {
    if (view.requests.total === total) continue;
    total = view.requests.total;
    // While this is read, newer states wait or are left out: never more than one question at a time.
    store.setState({ requests: await client.serving.requests({ limit: shownRequests }, { signal }) });
  }
}

/** In the way the engine's system writes paths. */
export function logFileIn(home: string): string {
  const separator = home.includes('\\') && !home.startsWith('/') ? '\\' : '/';
  return [home, 'logs', 'engine.log'].join(separator);
}

/** Runs one act at a time of each name; what went wrong is for the page to show. */
function actOf(store: Store, engine: EngineAccess): Act {
  return async (name, work) => {
    if (store.getState().busy.has(name)) return false;
    store.setState(({ busy }) => ({ busy: new Set([...busy, name]), failure: null }));
    try {
      await engine.call(work);
      return true;
    } catch (error) {
      store.setState({ failure: failureOf(error) });
      return false;
    } finally {
      store.setState(({ busy }) => ({ busy: new Set([...busy].filter((other) => other !== name)) }));
    }
  };
}

function actions(
  store: Store,
  act: Act,
): Omit<ServerStoreState, keyof ServerData | 'open' | 'clearFailure' | 'readKey'> {
  const requestId = newRequestId;
  return {
    start: () => act('switch', (client) => client.serving.start({ requestId: requestId() })),
    stop: () => act('switch', (client) => client.serving.stop({ requestId: requestId() })),
    restart: () => act('restart', (client) => client.serving.restart({ requestId: requestId() })),
    listenAt: (address) => act('address', (client) => listenAt(client, address)),
    load: (model) => act(`load:${model}`, (client) => client.serving.load({ model, requestId: requestId() })),
    unload: (model) => act(`unload:${model}`, (client) => client.serving.unload({ model, requestId: requestId() })),
    choose: (name, version) =>
      act(`choose:${name}`, (client) => client.serving.choose({ name, version, requestId: requestId() })),
    setKey: ({ required, renew = false }) =>
      act('key', (client) => client.serving.setKey({ required, renew, requestId: requestId() })),
    requireKeyAndStart: () =>
      act('switch', async (client) => {
        await client.serving.setKey({ required: true, requestId: requestId() });
        await client.serving.start({ requestId: requestId() });
      }),
    setStartsWithEngine: (value) =>
      act('login', async (client) => {
        const startsWithEngine = await client.settings.set({ key: startSetting, value, requestId: requestId() });
        store.setState({ startsWithEngine });
      }),
  };
}

/** An address is kept only after the server has really come up there. */
async function listenAt(
  client: ForgeClient,
  { host, port }: { readonly host?: string; readonly port?: number },
): Promise<void> {
  await client.serving.start({ host: host ?? null, port: port ?? null, requestId: newRequestId() });
  if (port !== undefined) await client.settings.set({ key: 'server.port', value: port, requestId: newRequestId() });
  if (host !== undefined) await client.settings.set({ key: 'server.host', value: host, requestId: newRequestId() });
}
