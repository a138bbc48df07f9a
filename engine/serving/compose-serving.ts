import { hostname } from 'node:os';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { isLoopback } from '#core/serving/loopback.ts';
import type { ServerAddress } from '#core/serving/server-machine.ts';
import type { OpenAiRequestRecord } from '../http/openai-routes.ts';
import { createServedModels, type ServedModels } from '../http/openai-served-models.ts';
import { startOpenAiServer } from '../http/openai-server.ts';
import type { BuildStore } from '../main-job/build-store.ts';
import { createModelRegistry, type ModelRegistry, type VersionChoices } from '../models/model-registry.ts';
import { createServedCatalogue } from './served-catalogue.ts';
import { createServingKey } from './serving-key.ts';
import { createServingService, type ServingService } from './serving-service.ts';
import { createServingSettings, type ServingSettingsStore } from './serving-settings.ts';

export interface ServingOptions {
  readonly store: BuildStore;
  /** `FORGE_HOME/serving.json`. */
  readonly settingsFile: string;
  readonly secrets: Pick<SecretStore, 'list' | 'read' | 'write'>;
  readonly startServer: () => ModelServer;
  /** The configured address. */
  readonly defaults: ServerAddress;
  readonly clock: Clock;
  readonly logger: (module: string) => Logger;
}

/** The models by name and the server that gives them out. Nothing listens yet. */
export function composeServing(options: ServingOptions): {
  readonly registry: ModelRegistry;
  readonly served: ServedModels;
  readonly serving: ServingService;
} {
  const { store, startServer, defaults, clock } = options;
  const logger = options.logger('serving');
  const settings = createServingSettings(options.settingsFile);
  const onDisk = createModelRegistry(store, choicesOf(settings, logger));
  const catalogue = createServedCatalogue(onDisk, clock);
  const served = createServedModels({ startServer, source: async () => (await catalogue.read()).models });
  const log = requestLog(options.logger('openai'));
  const serving = createServingService({
    ...{ served, catalogue, settings, defaults, clock, logger },
    servingKey: createServingKey(options.secrets),
    open: ({ onRequest, ...server }) =>
      startOpenAiServer({
        ...server,
        models: served,
        allowedHosts: isLoopback(server.host) ? [] : namesOfMachine(server.host),
        onBug: log.onBug,
        onRequest: (record) => {
          log.onRequest(record);
          onRequest(record);
        },
      }),
  });
  const remove: ModelRegistry['remove'] = async (reference) => {
    const { view } = await onDisk.find(reference);
    // Not waited for: an answer that runs is written to its end, and the memory is free after it.
    served.letGo(view.ggufPath ?? '').catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'a removed model stays in memory');
    });
    const removed = await onDisk.remove(reference);
    serving.modelsChanged();
    return removed;
  };
  return { registry: { ...onDisk, remove }, served, serving };
}

/** A damaged file has no choices: the server does not start with it, and the newest version answers in the window. */
function choicesOf(settings: ServingSettingsStore, logger: Logger): VersionChoices {
  return async () => {
    try {
      return (await settings.read()).choices;
    } catch (error) {
      logger.warn({ error: String(error) }, 'the chosen versions cannot be read');
      return new Map();
    }
  };
}

/** Under which names other machines may call this one; by its address they may anyway. */
function namesOfMachine(host: string): string[] {
  const own = hostname().toLowerCase();
  return [host.toLowerCase(), own, `${own}.local`];
}

/** What the log of the engine keeps: never a prompt, never an answer, never a key. */
function requestLog(logger: Logger) {
  return {
    onBug: (correlationId: string, failure: unknown) =>
      logger.error(
        { correlationId, error: failure instanceof Error ? failure.stack : String(failure) },
        'a request failed with a bug',
      ),
    onRequest: (record: OpenAiRequestRecord) => logger.info({ ...record }, 'request'),
  };
}
