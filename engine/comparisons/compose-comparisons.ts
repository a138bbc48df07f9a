import path from 'node:path';
import type { BaseModelStore } from '#core/base-models/create-base-model-store.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Cloud } from '#core/ports/cloud.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { Ollama } from '#core/ports/ollama.ts';
import type { ServedModels } from '../http/openai-served-models.ts';
import type { BuildStore } from '../main-job/build-store.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ProviderService } from '../providers/provider-service.ts';
import { createComparisonModels, type ComparisonModels } from './comparison-models.ts';
import { createComparisonService, type ComparisonService } from './comparison-service.ts';
import { createComparisonStore } from './comparison-store.ts';
import { createKeptRows } from './kept-rows.ts';
import { createLocalServers, type LocalModelSources } from './local-models.ts';

export interface ComparisonParts {
  /** FORGE_HOME */
  readonly home: string;
  readonly store: BuildStore;
  readonly registry: Pick<ModelRegistry, 'servable'>;
  readonly bases: Pick<BaseModelStore, 'list'>;
  readonly ollama: Ollama;
  readonly providers: ProviderService;
  readonly cloud: Cloud;
  readonly isOffline: () => boolean;
  readonly startServer: () => ModelServer;
  readonly clock: Clock;
  readonly logger: (module: string) => Logger;
}

/** Comparisons with their own model processes, which compute beside those that serve. */
export function composeComparisons(parts: ComparisonParts): {
  readonly comparisons: ComparisonService;
  readonly comparableModels: ComparisonModels;
  readonly comparedServers: ServedModels;
} {
  const { home, store, registry, bases, clock } = parts;
  const sources: LocalModelSources = {
    servable: () => registry.servable(),
    builds: async () => (await store.list()).builds,
    bases: () => bases.list(),
  };
  const comparedServers = createLocalServers(parts.startServer, sources);
  const models = createComparisonModels({ ...parts, sources, servers: comparedServers });
  const comparisons = createComparisonService({
    ...{ models, clock, builds: store },
    store: createComparisonStore(path.join(home, 'comparisons')),
    keptRows: createKeptRows(path.join(home, 'datasets', 'kept')),
    logger: parts.logger('comparisons'),
  });
  return { comparisons, comparableModels: models, comparedServers };
}
