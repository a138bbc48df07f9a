import { isDeepStrictEqual } from 'node:util';
import type { ServingView } from '#contract/serving-state.ts';
import type { ServedModel } from '#contract/serving.ts';
import type { Logger } from '#core/ports/logger.ts';
import { isListening, type ServerAddress, type ServerMachineState } from '#core/serving/server-machine.ts';
import type { ServedModels } from '../http/openai-served-models.ts';
import type { ServedCatalogue } from './served-catalogue.ts';
import type { ServingSettingsStore } from './serving-settings.ts';

export interface ServingViewParts {
  readonly state: () => ServerMachineState;
  readonly counts: () => ServingView['requests'];
  readonly served: Pick<ServedModels, 'status'>;
  readonly catalogue: ServedCatalogue;
  readonly settings: Pick<ServingSettingsStore, 'read'>;
  /** Where it would listen if it were started now. */
  readonly idleAddress: () => ServerAddress;
  readonly logger: Logger;
}

/** What tray, window and command line see. */
export function createServingView(parts: ServingViewParts): () => Promise<ServingView> {
  return async () => {
    const { models, families } = await parts.catalogue.read();
    const keyRequired = await isKeyRequired(parts);
    // Read last and at one moment: what was waited for is older than what follows.
    const state = parts.state();
    const { host, port } = state.name === 'stopped' ? parts.idleAddress() : (state.address ?? parts.idleAddress());
    return {
      state: state.name,
      running: isListening(state),
      url: state.url,
      host,
      port,
      failure: state.name === 'failed' ? state.failure : null,
      models: models as ServedModel[],
      families: families as ServingView['families'],
      servers: parts.served.status().map((server) => ({ ...server, name: nameOf(server.path, models) })),
      answering: state.answering,
      requests: parts.counts(),
      keyRequired,
    };
  };
}

/** A damaged file lets nobody in without a key: the server does not start with it, and says why. */
async function isKeyRequired({ settings, logger }: ServingViewParts): Promise<boolean> {
  try {
    return (await settings.read()).keyRequired;
  } catch (error) {
    logger.warn({ error: String(error) }, 'the settings of the server cannot be read');
    return true;
  }
}

/** The name with a version, which stays true whatever is chosen later. */
function nameOf(path: string, models: readonly ServedModel[]): string | null {
  const names = models.filter((model) => model.path === path).map(({ name }) => name);
  return names.find((name) => /:v\d+$/.test(name)) ?? names[0] ?? null;
}

/** The lists are compared by identity: the catalogue gives the same ones until they change. */
export function isSameView(one: ServingView, other: ServingView): boolean {
  const { models, families, ...rest } = one;
  const { models: otherModels, families: otherFamilies, ...otherRest } = other;
  return models === otherModels && families === otherFamilies && isDeepStrictEqual(rest, otherRest);
}
