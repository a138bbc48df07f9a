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

export function createSecretService(
  store: Pick<SecretStore, 'protection' | 'list' | 'write' | 'remove'>,
): SecretService {
  const view = async ({ name, purpose }: KnownSecret): Promise<SecretView> => {
    const origin = (await store.list()).find((kept) => kept.name === name)?.origin ?? null;
    const places = { environment: `variable ${secretVariable(name)} of the engine`, store: store.protection.place };
    return { name, purpose, hasValue: origin !== null, origin, keptIn: origin === null ? null : places[origin] };
  };
  return {
    list: () => Promise.all(knownSecrets.map(view)),
    set: async (name, value) => {
      const known = find(name);
      await store.write(name, value);
      return view(known);
    },
    remove: async (name) => {
      const known = find(name);
      const removed = await store.remove(name);
      return { ...(await view(known)), removed };
    },
  };
}

/** The name is not repeated in the error: a token pasted in its place would be shown. */
function find(name: string): KnownSecret {
  const known = knownSecrets.find((secret) => secret.name === name);
  if (known) return known;
  throw new ForgeError('secret.unknown', { known: knownSecrets.map((secret) => secret.name).join(', ') });
}
