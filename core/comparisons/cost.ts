import type { ComparisonSettings, TokenPrice } from '#contract/comparisons.ts';
import type { ChatUsage } from '#contract/serving.ts';

/** A cloud pane without a limit named by the person may cost this much in all. */
export const defaultCapUsd = 1;

const charactersPerToken = 4;
/** Tokens that a chat format adds to each message. */
const tokensPerMessage = 4;

/** A guess before anything is counted: four characters a token, which is about right for English and German text. */
export function estimateTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.ceil(text.length / charactersPerToken) + tokensPerMessage, 0);
}

/** What tokens cost, in US dollars. Prompt tokens that the provider had cached count in full: better too much than too little. */
export function costOf(
  price: Pick<TokenPrice, 'inputUsd' | 'outputUsd'>,
  tokens: Pick<ChatUsage, 'promptTokens' | 'completionTokens'>,
): number {
  return (tokens.promptTokens * price.inputUsd + tokens.completionTokens * price.outputUsd) / 1_000_000;
}

/** How a model is paid for. `free`: it runs on this machine. `unknown`: counted as the dearest price there is, and never shown as a cost. */
export type Pricing =
  | { readonly kind: 'free' }
  | { readonly kind: 'priced'; readonly price: TokenPrice }
  | { readonly kind: 'unknown'; readonly dearest: Pick<TokenPrice, 'inputUsd' | 'outputUsd'> };

/** The most one answer can cost, for the limit; 0 for models on this machine. */
export function costAtMost(pricing: Pricing, promptTokens: number, maximumTokens: number): number {
  if (pricing.kind === 'free') return 0;
  return costOf(pricing.kind === 'priced' ? pricing.price : pricing.dearest, {
    promptTokens,
    completionTokens: maximumTokens,
  });
}

/** What an answer cost: for people null where the price is not known, for the limit always a number. */
export function costOfAnswer(
  pricing: Pricing,
  tokens: Pick<ChatUsage, 'promptTokens' | 'completionTokens'>,
): { shownUsd: number | null; countedUsd: number } {
  if (pricing.kind === 'free') return { shownUsd: 0, countedUsd: 0 };
  if (pricing.kind === 'unknown') return { shownUsd: null, countedUsd: costOf(pricing.dearest, tokens) };
  const usd = costOf(pricing.price, tokens);
  return { shownUsd: usd, countedUsd: usd };
}

/** The limit that holds: the person's, else one dollar. */
export function effectiveCapUsd({ capUsd }: Pick<ComparisonSettings, 'capUsd'>): number {
  return capUsd ?? defaultCapUsd;
}

/** Money that may still be spent. What runs counts with the most it can cost, so that panes side by side cannot pass the limit together. */
export interface Budget {
  /** Sets an amount aside; false when that would pass the limit. */
  reserve(usd: number): boolean;
  /** Replaces an amount set aside by what was really spent. */
  settle(reservedUsd: number, spentUsd: number): void;
  spentUsd(): number;
}

export function createBudget(capUsd: number, alreadySpentUsd: number): Budget {
  let spent = alreadySpentUsd;
  let reserved = 0;
  return {
    reserve(usd) {
      // What costs nothing never fails, also beyond the limit.
      if (usd > 0 && spent + reserved + usd > capUsd) return false;
      reserved += usd;
      return true;
    },
    settle(reservedUsd, spentUsd) {
      reserved -= reservedUsd;
      spent += spentUsd;
    },
    spentUsd: () => spent,
  };
}
