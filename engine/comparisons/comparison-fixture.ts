import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ComparedModel, ComparisonEvent, ComparisonView } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import type { Pricing } from '#core/comparisons/cost.ts';
import type { ChatPrompt, ChatProvider } from '#core/ports/chat-provider.ts';
import { FakeChatProvider } from '#core/ports/fake-chat-provider.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createBuildStore } from '../main-job/build-store.ts';
import { homeLayout } from '../home-layout.ts';
import type { ComparisonModels } from './comparison-models.ts';
import { createComparisonService, type ComparisonService } from './comparison-service.ts';
import { createComparisonStore, type ComparisonStore } from './comparison-store.ts';
import { createKeptRows } from './kept-rows.ts';

/** A model of a test: what it says, what it costs, and where it stands. */
export interface PlayedModel {
  readonly model: ComparedModel;
  readonly label: string;
  readonly answer: (prompt: ChatPrompt) => string | Error;
  readonly pricing?: Pricing;
  readonly betweenWords?: () => Promise<void>;
}

export interface ComparisonWorld {
  readonly home: string;
  readonly service: ComparisonService;
  /** What each model was asked, by label. */
  readonly providers: ReadonlyMap<string, FakeChatProvider>;
}

export const local = (model: string): ComparedModel => ({ kind: 'local', model });
export const cloud = (model: string): ComparedModel => ({ kind: 'cloud', provider: 'fakery', model });

/** A comparison service over played models and a real disk. */
export async function comparisonWorld(
  played: readonly PlayedModel[],
  given?: { home?: string; around?: (store: ComparisonStore) => ComparisonStore },
): Promise<ComparisonWorld> {
  const home = given?.home ?? (await mkdtemp(path.join(tmpdir(), 'forge-comparison-')));
  const providers = new Map(
    played.map(({ label, answer, betweenWords }) => [label, new FakeChatProvider(answer, betweenWords)]),
  );
  const find = (model: ComparedModel): PlayedModel => {
    const found = played.find((one) => JSON.stringify(one.model) === JSON.stringify(model));
    if (!found) throw new ForgeError('serving.unknown-model', { model: model.model });
    return found;
  };
  const models: ComparisonModels = {
    list: () => Promise.resolve([]),
    check: (model) => {
      const { label, pricing = { kind: 'free' } } = find(model);
      return Promise.resolve({
        model,
        label,
        pricing,
        names: model.kind === 'cloud' ? ['Fakery Inc', 'fakery.example'] : [],
      });
    },
    open: (model): Promise<ChatProvider> => {
      const provider = providers.get(find(model).label);
      return provider ? Promise.resolve(provider) : Promise.reject(new Error('no such model'));
    },
  };
  const service = createComparisonService({
    store: (given?.around ?? ((store) => store))(createComparisonStore(path.join(home, 'comparisons'))),
    models,
    builds: createBuildStore(homeLayout(home)),
    keptRows: createKeptRows(path.join(home, 'datasets', 'kept')),
    clock: systemClock,
    logger: silentLogger,
    newSeed: () => 7,
  });
  return { home, service, providers };
}

/** Every event until the comparison ends. */
export async function watchToEnd(service: ComparisonService, id: string): Promise<ComparisonEvent[]> {
  const events: ComparisonEvent[] = [];
  for await (const event of service.watch(id, AbortSignal.timeout(20_000))) events.push(event);
  return events;
}

export async function ended(service: ComparisonService, id: string): Promise<ComparisonView> {
  await watchToEnd(service, id);
  return service.get(id);
}
