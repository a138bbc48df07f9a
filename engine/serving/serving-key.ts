import { randomInt } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import { servingKeySecret } from '#contract/known-secrets.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { oneByOne } from '../one-by-one.ts';

/** The key that clients of the OpenAI-compatible server send. Its value goes to the secret store, to who asks by `read`, and nowhere else. */
export interface ServingKey {
  /** The key; made at the first call. @throws ForgeError `secret.*` */
  read(): Promise<string>;
  /** Makes another one; the old one is worth nothing from now on. @throws ForgeError `serving.key-from-environment`, `secret.*` */
  renew(): Promise<string>;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const keyCharacters = 32;

export function createServingKey(secrets: Pick<SecretStore, 'list' | 'read' | 'write'>): ServingKey {
  // Two first calls at once must not make two keys.
  const inTurn = oneByOne();
  const make = async (): Promise<string> => {
    const key = newKey();
    await secrets.write(servingKeySecret, key);
    return key;
  };
  return {
    read: () => inTurn(async () => (await secrets.read(servingKeySecret)) ?? (await make())),
    renew: () =>
      inTurn(async () => {
        const kept = (await secrets.list()).find(({ name }) => name === servingKeySecret);
        if (kept?.origin === 'environment') throw new ForgeError('serving.key-from-environment');
        return make();
      }),
  };
}

/** 190 bits in letters and digits alone, so that a double click takes all of it. */
function newKey(): string {
  return `forge-${Array.from({ length: keyCharacters }, () => alphabet[randomInt(alphabet.length)]).join('')}`;
}
