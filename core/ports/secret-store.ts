/** Where a secret comes from: the variable FORGE_SECRET_<NAME> of the engine's environment, or Forge's own store. */
export type SecretOrigin = 'environment' | 'store';

/** Keys and tokens. Values leave this interface only towards the request that needs them: never to a log, a window or an error. */
export interface SecretStore {
  /** How the values are kept: `place` in a few words for a list, `text` in sentences for the settings page. */
  readonly protection: { readonly encrypted: boolean; readonly place: string; readonly text: string };
  list(): Promise<readonly { readonly name: string; readonly origin: SecretOrigin }[]>;
  /** The value, the environment's first; null when there is none. */
  read(name: string): Promise<string | null>;
  /** @throws ForgeError secret.bad-name | secret.bad-value */
  write(name: string, value: string): Promise<void>;
  /** False when there was none in the store. */
  remove(name: string): Promise<boolean>;
  /** The text with every known value, and whatever looks like a token, replaced. */
  redact(text: string): string;
}
