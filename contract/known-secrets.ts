/** A key or token that Forge can be given, and what it is used for. */
export interface KnownSecret {
  readonly name: string;
  /** What it is for and when it is sent; a clause for people. */
  readonly purpose: string;
  /** Where a person gets one. */
  readonly source: string;
}

/** Every secret that something in Forge reads. One that nothing reads has no place here: it would be kept for nothing. */
export const knownSecrets: readonly KnownSecret[] = [
  {
    name: 'hf_token',
    purpose: 'downloads base models whose publisher asks for consent (gated models of the Hugging Face hub)',
    source: 'huggingface.co, Settings, Access Tokens: a token of the type Read',
  },
];

/** Environment variable of the engine that holds the secret and wins over the stored one. */
export const secretVariable = (name: string): string => `FORGE_SECRET_${name.toUpperCase()}`;
