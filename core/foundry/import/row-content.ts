import type { CanonicalMessage } from '#contract/rows.ts';

/** A definition of a tool as OpenAI writes it. */
export type ToolDefinition = Readonly<Record<string, unknown>>;

/** What a row says, without where it came from. */
export type RowContent =
  | {
      readonly kind: 'sft' | 'prompt';
      readonly messages: readonly CanonicalMessage[];
      readonly tools?: readonly ToolDefinition[] | undefined;
    }
  | {
      readonly kind: 'preference';
      readonly prompt: readonly CanonicalMessage[];
      readonly chosen: readonly CanonicalMessage[];
      readonly rejected: readonly CanonicalMessage[];
    }
  | {
      readonly kind: 'unpaired';
      readonly prompt: readonly CanonicalMessage[];
      readonly completion: readonly CanonicalMessage[];
      readonly label: boolean;
    }
  | { readonly kind: 'text'; readonly text: string };

/** Shapes of records that are told apart (table 1.2). */
export type RowFormat =
  | 'forge-row'
  | 'messages'
  | 'sharegpt'
  | 'alpaca'
  | 'preference'
  | 'openai-preference'
  | 'unpaired'
  | 'completion'
  | 'columns'
  | 'chatml'
  | 'engie'
  | 'prompt'
  | 'text'
  | 'mapped';

/** A record that was understood, before it is cleaned, checked and given an id. */
export interface RowDraft {
  readonly format: RowFormat;
  readonly content: RowContent;
  /** `provider/model` that wrote the answer, where the shape itself says so. */
  readonly teacher?: string;
}
