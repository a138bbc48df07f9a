import type { ComparableModel, ComparedModel } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ComparedEntry } from '#core/comparisons/compared-entry.ts';
import type { ChatProvider } from '#core/ports/chat-provider.ts';
import type { Cloud } from '#core/ports/cloud.ts';
import type { Ollama } from '#core/ports/ollama.ts';
import type { ServedModels } from '../http/openai-served-models.ts';
import { isOnThisMachine } from '../providers/provider-address.ts';
import type { ProviderService } from '../providers/provider-service.ts';
import { listLocalModels, type LocalModelSources } from './local-models.ts';
import { localProvider, ollamaProvider } from './local-providers.ts';

/** Every model that a pane can take, wherever it runs. */
export interface ComparisonModels {
  list(): Promise<ComparableModel[]>;
  /** The model as a comparison keeps it. @throws ForgeError when it could not answer now: unknown, no key, offline, Ollama away */
  check(model: ComparedModel): Promise<ComparedEntry>;
  /** What answers for it. @throws ForgeError as `check` */
  open(model: ComparedModel): Promise<ChatProvider>;
}

export interface ComparisonModelsOptions {
  readonly servers: Pick<ServedModels, 'chat' | 'unload'>;
  readonly sources: LocalModelSources;
  readonly ollama: Pick<Ollama, 'detect' | 'list' | 'stream'>;
  readonly providers: ProviderService;
  readonly cloud: Cloud;
  readonly isOffline: () => boolean;
}

const here = 'on this machine';

export function createComparisonModels(options: ComparisonModelsOptions): ComparisonModels {
  const { servers, ollama, providers, cloud } = options;
  return {
    async list() {
      const groups = await Promise.all([listLocal(options), listOllama(options), listClouds(options)]);
      return groups.flat();
    },
    check: (model) => checkModel(model, options),
    async open(model) {
      await checkModel(model, options);
      if (model.kind === 'local') return localProvider(servers, model.model);
      if (model.kind === 'ollama') return ollamaProvider(ollama, model.model);
      return cloud.model(await providers.connect(model.provider), model.model);
    },
  };
}

async function checkModel(model: ComparedModel, options: ComparisonModelsOptions): Promise<ComparedEntry> {
  if (model.kind === 'cloud') return checkCloud(model, options);
  const label =
    model.kind === 'local' ? await checkLocal(model.model, options) : await checkOllama(model.model, options);
  return { model, label, pricing: { kind: 'free' }, names: [] };
}

async function checkLocal(name: string, { sources }: ComparisonModelsOptions): Promise<string> {
  const found = (await listLocalModels(sources)).find((known) => known.name === name);
  if (!found) throw new ForgeError('serving.unknown-model', { model: name });
  return found.label;
}

async function checkOllama(name: string, { ollama }: ComparisonModelsOptions): Promise<string> {
  const status = await ollama.detect();
  if (status.state === 'absent') throw new ForgeError('serving.ollama-absent', { host: status.host });
  if (status.state === 'too-old')
    throw new ForgeError('serving.ollama-too-old', { version: status.version, minimum: status.minimum });
  const known = await ollama.list();
  const found = known.find((one) => one.name === name || one.name === `${name}:latest`);
  if (!found) throw new ForgeError('serving.unknown-model', { model: `${name} (in Ollama)` });
  return `${found.name} (Ollama)`;
}

async function checkCloud(
  model: Extract<ComparedModel, { kind: 'cloud' }>,
  { providers, isOffline }: ComparisonModelsOptions,
): Promise<ComparedEntry> {
  const { name, address, secret } = await providers.connect(model.provider);
  if (isOffline() && !isOnThisMachine(address)) throw new ForgeError('network.offline', { purpose: `asking ${name}` });
  const pricing = await providers.pricing(model.provider, model.model);
  return { model, label: `${model.model} (${name})`, pricing, names: [name, new URL(address).host, address, secret] };
}

async function listLocal({ sources }: ComparisonModelsOptions): Promise<ComparableModel[]> {
  return (await listLocalModels(sources)).map(({ name, label }) => ({
    model: { kind: 'local', model: name },
    label,
    place: here,
    obstacle: null,
    price: null,
  }));
}

async function listOllama({ ollama }: ComparisonModelsOptions): Promise<ComparableModel[]> {
  if ((await ollama.detect()).state !== 'running') return [];
  const models = await ollama.list();
  return models.map(({ name }) => ({
    model: { kind: 'ollama', model: name },
    label: `${name} (Ollama)`,
    place: 'Ollama',
    obstacle: null,
    price: null,
  }));
}

async function listClouds(options: ComparisonModelsOptions): Promise<ComparableModel[]> {
  const providers = await options.providers.list();
  const lists = await Promise.all(
    providers.map(({ id, name, models }) =>
      Promise.all(
        models.map(async (model): Promise<ComparableModel> => {
          const compared = { kind: 'cloud' as const, provider: id, model };
          const price = await options.providers.price(id, model);
          return {
            model: compared,
            label: `${model} (${name})`,
            place: name,
            obstacle: await obstacleOf(compared, options),
            price,
          };
        }),
      ),
    ),
  );
  return lists.flat();
}

async function obstacleOf(model: ComparedModel, options: ComparisonModelsOptions): Promise<string | null> {
  try {
    await checkModel(model, options);
    return null;
  } catch (error) {
    if (error instanceof ForgeError) return `${error.message} ${error.remedy}`;
    throw error;
  }
}
