/** A key or token that Forge can be given, and what it is used for. */
export interface KnownSecret {
  readonly name: string;
  /** What it is for and when it is sent; a clause for people. */
  readonly purpose: string;
  /** Where a person gets one. */
  readonly source: string;
}

/** Name of the key that clients of the OpenAI-compatible server send. */
export const servingKeySecret = 'serving_key';

/** Every secret that something in Forge reads. One that nothing reads has no place here: it would be kept for nothing. */
export const knownSecrets: readonly KnownSecret[] = [
  {
    name: 'hf_token',
    purpose: 'downloads base models whose publisher asks for consent (gated models of the Hugging Face hub)',
    source: 'huggingface.co, Settings, Access Tokens: a token of the type Read',
  },
  {
    name: servingKeySecret,
    purpose: 'is what clients of the OpenAI-compatible server send; Forge makes one at its first use',
    source: '`forge server key`, which makes and shows one; a key of your own may be set as well',
  },
  ...[
    ['openai', 'OpenAI', 'platform.openai.com, API keys'],
    ['anthropic', 'Anthropic', 'console.anthropic.com, API keys'],
    ['google', 'Google Gemini', 'aistudio.google.com, Get API key'],
    ['openrouter', 'OpenRouter', 'openrouter.ai, Settings, Keys'],
  ].map(([id = '', name = '', source = '']) => ({
    name: providerSecret(id),
    purpose: `lets comparisons ask the models of ${name}; sent to ${name} alone`,
    source,
  })),
];

/** Name of a provider's key. Names of secrets have no dashes, so that each can be set by a variable too. */
export function providerSecret(providerId: string): string {
  return `provider_${providerId.replaceAll('-', '_')}`;
}

/** Environment variable of the engine that holds the secret and wins over the stored one. */
export const secretVariable = (name: string): string => `FORGE_SECRET_${name.toUpperCase()}`;
