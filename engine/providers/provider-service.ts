import type { TokenPrice } from '#contract/comparisons.ts';
import { forgeErrorDataOf } from '#contract/client.ts';
import { ForgeError } from '#contract/errors.ts';
import { providerSecret, type KnownSecret } from '#contract/known-secrets.ts';
import type { ProviderFormat, ProviderView, providerTest } from '#contract/providers.ts';
import { say } from '#contract/sentences.ts';
import type { Pricing } from '#core/comparisons/cost.ts';
import type { Cloud, CloudConnection } from '#core/ports/cloud.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import type { z } from 'zod';
import { oneByOne } from '../one-by-one.ts';
import { isOnThisMachine, readAddress } from './provider-address.ts';
import {
  readBuiltInProviders,
  readOwnProviders,
  writeOwnProviders,
  type BuiltInProvider,
  type OwnProvider,
} from './provider-files.ts';

export interface ProviderToSave {
  readonly id: string;
  readonly name: string;
  readonly format: ProviderFormat;
  readonly address: string;
  readonly models: readonly string[];
  readonly needsKey: boolean;
}

/** Providers of models: those Forge comes with and the person's own. */
export interface ProviderService {
  list(): Promise<ProviderView[]>;
  /** @throws ForgeError `provider.built-in`, `provider.bad-address` */
  save(wanted: ProviderToSave): Promise<ProviderView>;
  /** Forgets an own provider and its stored key. */
  remove(id: string): Promise<{ removed: boolean }>;
  test(id: string): Promise<z.infer<typeof providerTest>>;
  /** @throws ForgeError `provider.unknown`, `provider.key-missing` */
  connect(id: string): Promise<CloudConnection>;
  /** What answers of a model cost. */
  pricing(id: string, model: string): Promise<Pricing>;
  price(id: string, model: string): Promise<TokenPrice | null>;
  /** Keys of the person's own providers, for the list of secrets. */
  ownSecrets(): Promise<KnownSecret[]>;
}

export interface ProviderServiceOptions {
  readonly appDirectory: string;
  /** FORGE_HOME/providers.json */
  readonly file: string;
  readonly secrets: Pick<SecretStore, 'read' | 'list' | 'remove'>;
  readonly cloud: Cloud;
  readonly monotonicMs: () => number;
}

interface KnownProvider extends Omit<OwnProvider, 'models'> {
  readonly isBuiltIn: boolean;
  readonly keySource: string | null;
  readonly models: readonly string[];
  readonly prices: ReadonlyMap<string, TokenPrice>;
}

export function createProviderService(options: ProviderServiceOptions): ProviderService {
  const { file, secrets } = options;
  const inTurn = oneByOne();
  const known = readKnown(options);
  const connect = async (id: string): Promise<CloudConnection> => {
    const { name, format, address, needsKey } = await known.find(id);
    const secret = providerSecret(id);
    const key = await secrets.read(secret);
    if (key === null && needsKey) throw new ForgeError('provider.key-missing', { provider: name, secret });
    return { id, name, format, address, key, secret };
  };
  return {
    connect,
    list: async () => Promise.all((await known.all()).map((provider) => viewOf(provider, secrets))),
    save: (wanted) =>
      inTurn(async () =>
        viewOf(knownOwn(await saveOwn(wanted, { file, secrets, builtIn: await known.builtIn() })), secrets),
      ),
    remove: (id) => inTurn(() => removeOwn(id, { file, secrets })),
    test: async (id) => testProvider((await known.find(id)).name, () => connect(id), options),
    price: async (id, model) => (await known.find(id)).prices.get(model) ?? null,
    async pricing(id, model) {
      const provider = await known.find(id);
      const price = provider.prices.get(model);
      if (price !== undefined) return { kind: 'priced', price };
      if (isOnThisMachine(provider.address)) return { kind: 'free' };
      return { kind: 'unknown', dearest: dearestOf(await known.all()) };
    },
    ownSecrets: async () => (await readOwnProviders(file)).map(secretOf),
  };
}

/** What is on the disk now: the person's file may be changed at any time, what Forge comes with is read once. */
function readKnown({ appDirectory, file }: Pick<ProviderServiceOptions, 'appDirectory' | 'file'>) {
  let shipped: Promise<readonly BuiltInProvider[]> | null = null;
  const builtIn = () => (shipped ??= readBuiltInProviders(appDirectory));
  const all = async (): Promise<KnownProvider[]> => [
    ...(await builtIn()).map(knownBuiltIn),
    ...(await readOwnProviders(file)).map(knownOwn),
  ];
  const find = async (id: string): Promise<KnownProvider> => {
    const found = (await all()).find((provider) => provider.id === id);
    if (!found) throw new ForgeError('provider.unknown', { provider: id });
    return found;
  };
  return { builtIn, all, find };
}

async function viewOf(provider: KnownProvider, secrets: Pick<SecretStore, 'list'>): Promise<ProviderView> {
  const { id, name, format, address, isBuiltIn, needsKey, models, keySource } = provider;
  const hasKey = (await secrets.list()).some((kept) => kept.name === providerSecret(id));
  return { id, name, format, address, isBuiltIn, hasKey, needsKey, models: [...models], keySource };
}

function testedText({ name, hasKey, count }: { name: string; hasKey: boolean; count: number }): string {
  if (count === 1) return say(hasKey ? 'serving.provider-takes-key-one' : 'serving.provider-answers-one', { name });
  return say(hasKey ? 'serving.provider-takes-key' : 'serving.provider-answers', { name, count });
}

async function testProvider(
  name: string,
  connect: () => Promise<CloudConnection>,
  { cloud, monotonicMs }: Pick<ProviderServiceOptions, 'cloud' | 'monotonicMs'>,
): Promise<z.infer<typeof providerTest>> {
  const startedMs = monotonicMs();
  try {
    const connection = await connect();
    const models = [...(await cloud.listModels(connection))];
    const milliseconds = Math.round(monotonicMs() - startedMs);
    const text = testedText({ name, hasKey: connection.key !== null, count: models.length });
    return { ok: true, text, milliseconds, models, failure: null };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    const text = `${error.message} ${error.remedy}`;
    return { ok: false, text, milliseconds: null, models: [], failure: forgeErrorDataOf(error, null) };
  }
}

function secretOf({ id, name, address }: OwnProvider): KnownSecret {
  return {
    name: providerSecret(id),
    purpose: `lets comparisons ask the models of ${name}; sent to ${new URL(address).host} alone`,
    source: `${name}, where you got its address`,
  };
}

interface OwnPlaces {
  readonly file: string;
  readonly secrets: ProviderServiceOptions['secrets'];
}

async function saveOwn(
  wanted: ProviderToSave,
  { file, secrets, builtIn }: OwnPlaces & { builtIn: readonly BuiltInProvider[] },
): Promise<OwnProvider> {
  const taken = builtIn.find(({ id }) => providerSecret(id) === providerSecret(wanted.id));
  if (taken !== undefined) throw new ForgeError('provider.built-in', { provider: taken.name });
  const { id, name, format, needsKey, models } = wanted;
  const saved: OwnProvider = {
    id,
    name,
    format,
    needsKey,
    models: [...new Set(models)],
    address: readAddress(wanted.address),
  };
  const known = await readOwnProviders(file);
  const before = known.find((provider) => provider.id === id);
  // A key meant for one host is not shown to another.
  if (before !== undefined && new URL(before.address).origin !== new URL(saved.address).origin)
    await secrets.remove(providerSecret(id));
  await writeOwnProviders(file, [...known.filter((provider) => provider.id !== id), saved]);
  return saved;
}

async function removeOwn(id: string, { file, secrets }: OwnPlaces): Promise<{ removed: boolean }> {
  const known = await readOwnProviders(file);
  const rest = known.filter((provider) => provider.id !== id);
  if (rest.length === known.length) return { removed: false };
  // The key first: of a provider that is gone it could no longer be seen or taken away.
  await secrets.remove(providerSecret(id));
  await writeOwnProviders(file, rest);
  return { removed: true };
}

function knownBuiltIn({ models, ...provider }: BuiltInProvider): KnownProvider {
  const prices = new Map(models.map(({ id, ...price }) => [id, price]));
  return { ...provider, isBuiltIn: true, needsKey: true, models: models.map(({ id }) => id), prices };
}

function knownOwn(provider: OwnProvider): KnownProvider {
  return { ...provider, isBuiltIn: false, keySource: null, prices: new Map() };
}

function dearestOf(providers: readonly KnownProvider[]): Pick<TokenPrice, 'inputUsd' | 'outputUsd'> {
  const prices = providers.flatMap((provider) => [...provider.prices.values()]);
  return {
    inputUsd: Math.max(...prices.map(({ inputUsd }) => inputUsd)),
    outputUsd: Math.max(...prices.map(({ outputUsd }) => outputUsd)),
  };
}
