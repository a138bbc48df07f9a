import { ForgeError } from '#contract/errors.ts';
import type { ServedRequest, ServingView } from '#contract/serving-state.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import { isLoopback } from '#core/serving/loopback.ts';
import { isListening, type ServerAddress, type ServerMachineState } from '#core/serving/server-machine.ts';
import { chooseVersion, type VersionChoice } from '#core/serving/version-choice.ts';
import type { OpenAiRequestRecord } from '../http/openai-routes.ts';
import type { OpenAiServer } from '../http/openai-server.ts';
import type { ServedModels } from '../http/openai-served-models.ts';
import { createRequestLog } from './request-log.ts';
import type { ServedCatalogue } from './served-catalogue.ts';
import { createServerDriver } from './server-driver.ts';
import type { ServingKey } from './serving-key.ts';
import type { ServingSettingsStore } from './serving-settings.ts';
import { createServingView, isSameView } from './serving-view.ts';
import { createViewFeed } from './view-feed.ts';

/** What is left out is as it is: the address in use, else the configured one. */
export interface WantedAddress {
  readonly host?: string | null;
  readonly port?: number | null;
}

/** The one server behind tray, window and command line. Every verb may be called at any time and answers with what is true after it. */
export interface ServingService {
  status(): Promise<ServingView>;
  /** The state and every change of it, at most ten a second. */
  watch(signal?: AbortSignal): AsyncGenerator<ServingView>;
  /**
   * Where it listens already nothing changes; with another address it moves there.
   * @throws ForgeError `engine.port-taken`, `engine.not-loopback`, `serving.address-not-usable`; the state is `failed` then
   */
  start(address?: WantedAddress): Promise<ServingView>;
  stop(): Promise<ServingView>;
  restart(): Promise<ServingView>;
  /** Brings a model into memory. @throws ForgeError `serving.*` */
  load(model: string, signal?: AbortSignal): Promise<ServingView>;
  /** Takes it out of memory after the answers that run. @throws ForgeError `serving.unknown-model` */
  unload(model: string, signal?: AbortSignal): Promise<ServingView>;
  /** Which version `name` and `name:latest` give; null follows the newest. @throws ForgeError `serving.unknown-model` */
  choose(name: string, version: number | null): Promise<ServingView>;
  /** The last requests, newest first. */
  requests(limit: number): ServedRequest[];
  key(): Promise<{ key: string; required: boolean }>;
  /** @throws ForgeError `engine.not-loopback` when the key guards a server that the network can reach, `serving.key-from-environment` */
  setKey(wanted: { required: boolean; renew: boolean }): Promise<ServingView>;
  /** Proves that the server could be started, unless it runs already. @throws as `start`; no state changes */
  checkAddress(): Promise<void>;
  isRunning(): boolean;
  /** The key a request must carry now; null when none is asked for. */
  requiredKey(): Promise<string | null>;
  /** Which models there are changed. */
  modelsChanged(): void;
  /** Stops the server and ends every watch. */
  dispose(): Promise<void>;
}

export interface ServingServiceOptions {
  readonly served: Pick<ServedModels, 'status' | 'use' | 'unload' | 'onChange'>;
  readonly catalogue: ServedCatalogue;
  readonly settings: ServingSettingsStore;
  readonly servingKey: ServingKey;
  /** The configured address. */
  readonly defaults: ServerAddress;
  readonly open: (server: OpenedServer) => Promise<OpenAiServer>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the HTTP server is opened with. */
export interface OpenedServer extends ServerAddress {
  readonly requiredKey: () => Promise<string | null>;
  readonly onRequest: (record: OpenAiRequestRecord) => void;
  readonly onDied: (reason: string) => void;
}

export function createServingService(options: ServingServiceOptions): ServingService {
  const { served, catalogue, settings, servingKey } = options;
  const { log, driver, feed, status, present, keyRequired } = createParts(options);
  const stopListening = served.onChange((change) =>
    change === 'servers' ? feed.changed() : driver.tell({ kind: change }),
  );
  const after = async (work: Promise<unknown>): Promise<ServingView> => {
    await work;
    feed.changed();
    return status();
  };
  return {
    status,
    watch: (signal) => feed.watch(signal),
    start: ({ host, port } = {}) => {
      const address = { host: host ?? present().host, port: port ?? present().port };
      return after(driver.ask({ kind: 'start-asked', address }));
    },
    stop: () => after(driver.ask({ kind: 'stop-asked' })),
    restart: () => after(driver.ask({ kind: 'restart-asked', address: driver.state().address ?? present() })),
    load: (model, signal) => after(served.use(model, () => Promise.resolve(), signal)),
    unload: (model, signal) => after(served.unload(model, signal)),
    choose: (name, version) => after(choose({ name, version }, { catalogue, settings })),
    requests: (limit) => log.latest(limit),
    key: async () => ({ key: await servingKey.read(), required: await keyRequired() }),
    setKey: async ({ required, renew }) => {
      // A damaged file refuses before anything is changed.
      await settings.read();
      if (!isIdle(driver.state())) refuseOpenNetwork(present().host, required);
      if (renew) await servingKey.renew();
      else if (required) await servingKey.read();
      return after(settings.change((known) => ({ ...known, keyRequired: required })));
    },
    checkAddress: () => driver.probe(present()),
    isRunning: () => isListening(driver.state()),
    requiredKey: async () => ((await keyRequired()) ? servingKey.read() : null),
    modelsChanged() {
      catalogue.forget();
      feed.changed();
    },
    async dispose() {
      stopListening();
      await driver.ask({ kind: 'stop-asked' });
      feed.close();
    },
  };
}

/** The driver with what listens to it, and the views that are made of both. */
function createParts(options: ServingServiceOptions) {
  const { served, settings, servingKey, defaults, clock, logger } = options;
  const log = createRequestLog(clock);
  /** Where it listened last: a stop and a start lead to the same address, which clients know. */
  let lastAddress = defaults;
  const keyRequired = async (): Promise<boolean> => (await settings.read()).keyRequired;
  const driver = createServerDriver({
    logger,
    release: () => served.unload(),
    onMove(state, before) {
      if (isListening(state) && state.address) lastAddress = state.address;
      if (isListening(state) && !isListening(before)) log.restart();
      feed.changed();
    },
    async open(wanted) {
      refuseOpenNetwork(wanted.host, await keyRequired());
      const onRequest = (record: OpenAiRequestRecord): void => {
        log.add(record);
        feed.changed();
      };
      // Beyond this machine a key is asked for whatever the settings say by then.
      const requiredKey = async () => ((await keyRequired()) || !isLoopback(wanted.host) ? servingKey.read() : null);
      return options.open({ ...wanted, requiredKey, onRequest });
    },
  });
  const state = () => driver.state();
  const present = (): ServerAddress => (isIdle(state()) ? lastAddress : (state().address ?? lastAddress));
  const status = createServingView({ ...options, state, idleAddress: () => lastAddress, counts: log.counts });
  const feed = createViewFeed({ make: status, isSame: isSameView, clock, logger });
  return { log, driver, feed, status, present, keyRequired };
}

/** Nothing listens and nothing is about to. */
const isIdle = ({ name }: ServerMachineState): boolean => name === 'stopped' || name === 'failed';

function refuseOpenNetwork(host: string, keyRequired: boolean): void {
  if (!keyRequired && !isLoopback(host)) throw new ForgeError('engine.not-loopback', { host });
}

async function choose(
  { name, version }: { name: string; version: number | null },
  { catalogue, settings }: Pick<ServingServiceOptions, 'catalogue' | 'settings'>,
): Promise<void> {
  catalogue.forget();
  const { families } = await catalogue.read();
  const family = families.find((each) => each.name === name);
  const isThere = family !== undefined && (version === null || family.versions.includes(version));
  if (!isThere)
    throw new ForgeError('serving.unknown-model', { model: version === null ? name : `${name}:v${version}` });
  await settings.change((known) => {
    // Names whose models are gone are let go of, so the file does not grow.
    const kept = [...known.choices].filter(([each]) => families.some((other) => other.name === each));
    const choices = new Map<string, VersionChoice>([...kept, [name, chooseVersion(family, version)]]);
    return { ...known, choices };
  });
  catalogue.forget();
}
