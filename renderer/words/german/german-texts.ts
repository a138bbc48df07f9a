/** What happened and what to do, with the same `{places}` as the English sentences. A remedy speaks of the window. */
export type GermanErrors<English> = { readonly [Code in keyof English]: readonly [message: string, remedy: string] };

/** A sentence for every key of the English ones, with the same `{places}`. */
export type GermanSentences<English> = { readonly [Key in keyof English]: string };
