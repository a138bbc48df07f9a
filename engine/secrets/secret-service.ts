import { ForgeError } from '#contract/errors.ts';
import { knownSecrets, secretVariable, type KnownSecret } from '#contract/known-secrets.ts';
import type { SecretView } from '#contract/secrets.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';

/** Secrets as the faces see them: by name, with the place of the value, never with the value itself. */
export interface SecretService {
  list(): Promise<SecretView[]>;
  /** @throws ForgeError secret.unknown | secret.bad-value */
  set(name: string, value: string): Promise<SecretView>;
  /** Takes the stored value away; one of the environment stays. @throws ForgeError secret.unknown */
  remove(name: string): Promise<SecretView & { removed: boolean }>;
}

/** @param more secrets beyond the known ones that something reads: keys of the person's own providers */
export function createSecretService(
  store: Pick<SecretStore, 'protection' | 'list' | 'write' | 'remove'>,
  more: () => Promise<readonly KnownSecret[]> = () => Promise.resolve([]),
): SecretService {
  const view = async ({ name, purpose }: KnownSecret): Promise<SecretView> => {
    const origin = (await store.list()).find((kept) => kept.name === name)?.origin ?? null;
    const places = { environment: `variable ${secretVariable(name)} of the engine`, store: store.protection.place };
    return { name, purpose, hasValue: origin !== null, origin, keptIn: origin === null ? null : places[origin] };
  };
  const all = async (): Promise<KnownSecret[]> => [...knownSecrets, ...(await more())];
  return {
    list: async () => Promise.all((await all()).map(view)),
    set: async (name, value) => {
      const known = find(name, await all());
      await store.write(known.name, value);
      return view(known);
    },
    remove: async (name) => {
      const known = find(name, await all());
      const removed = await store.remove(known.name);
      return { ...(await view(known)), removed };
    },
  };
}

/** Ids of providers have dashes, names of secrets do not: `provider_my-server` means `provider_my_server`. */
const asSecretName = (name: string): string => (name.startsWith('provider_') ? name.replaceAll('-', '_') : name);

/** The name is not repeated in the error: a token pasted in its place would be shown. */
function find(name: string, secrets: readonly KnownSecret[]): KnownSecret {
  const known = secrets.find((secret) => secret.name === asSecretName(name));
  if (known) return known;
  throw new ForgeError('secret.unknown', { known: secrets.map((secret) => secret.name).join(', ') });
}
