import type { ShownPiece } from '#contract/dataset-preview.ts';
import type { RowMessage } from '#contract/datasets.ts';

/** What knows how a base model writes a conversation. */
export type RowSource =
  /** A model file: its own template and its own tokenizer. */
  | { readonly kind: 'gguf'; readonly path: string }
  /** A template without a tokenizer; `path` is where it stands, for errors. */
  | {
      readonly kind: 'template';
      readonly path: string;
      readonly template: string;
      readonly bosText: string;
      readonly eosText: string;
    };

/** A row as the trainer makes it (forge_worker/training/encoding.py). */
export interface EncodedRow {
  /** In order; what lies behind the last learned message is not part of it, because no training sees it. */
  readonly pieces: readonly ShownPiece[];
  /** Null without a tokenizer. */
  readonly tokens: number | null;
  readonly learnedTokens: number | null;
  /** Pieces (or, without a tokenizer, characters) left out in the middle of a very long row. */
  readonly leftOut: number;
  /** The template changes earlier text when an answer is added: the trainer leaves such a row out. */
  readonly breaksPrefix: boolean;
  /** The template writes no end behind an answer, so the model's own end token was added. */
  readonly endAdded: boolean;
}

/** Counts tokens by the tokenizer of a model file, without any template around the texts. */
export interface TokenCounter {
  /** As many numbers as texts. @throws ForgeError serving.* */
  count(source: RowSource, texts: readonly string[], signal?: AbortSignal): Promise<readonly number[]>;
}

/** Renders and splits rows in a process of its own: templates are programs out of files, and may never end. */
export interface RowTokeniser {
  /** @throws ForgeError serving.* when the file cannot be read or its template refuses the row */
  encode(source: RowSource, messages: readonly RowMessage[], signal?: AbortSignal): Promise<EncodedRow>;
  dispose(): Promise<void>;
}
