import type { CatalogueEntry } from '#contract/base-models.ts';
import type { ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetRow, RowMessage } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { writeAsFamily } from '#core/datasets/family-template.ts';
import type { EncodedRow, RowTokeniser } from '#core/ports/row-tokeniser.ts';
import { findContentPlaces } from '#native-bridge/llama/content-places.ts';
import { encodeRow, type RowTemplate } from '#native-bridge/llama/encode-row.ts';
import type { BaseRowSources } from './base-row-source.ts';

export interface ShowRowNeeds {
  readonly tokeniser: RowTokeniser;
  readonly sources: BaseRowSources;
  readonly signal: AbortSignal | undefined;
}

/** Longer rows are cut before they are split into tokens: nobody reads on, and splitting would take seconds. */
const exactCharacters = 1_000_000;

/** A row as the base model would see it: by its own template and tokenizer where they are here, else as text. */
export async function showRowAs(row: DatasetRow, { tokeniser, sources, signal }: ShowRowNeeds): Promise<ShownRow> {
  if (row.text !== undefined) return passage(row.text);
  const { id, exact, family } = sources;
  if (exact === null) return inFamily(row.messages, { family, why: say('dataset.shown-not-here', { id }) });
  const length = row.messages.reduce((sum, { content }) => sum + content.length, 0);
  if (length > exactCharacters) return inFamily(row.messages, { family, why: say('dataset.shown-long', { length }) });
  try {
    const encoded = await tokeniser.encode(exact, row.messages, signal);
    return { ...shown(encoded), note: noteOf(encoded, id) };
  } catch (error) {
    if (!(error instanceof ForgeError) || error.code === 'serving.cancelled') throw error;
    return inFamily(row.messages, { family, why: error.message.replace(/\.$/, '') });
  }
}

/** A passage stands in no chat form, so it is the same for every base model. */
function passage(text: string): ShownRow {
  const pieces = [{ text, learned: true, part: 'assistant' as const, token: null }];
  return { pieces, tokens: null, learnedTokens: null, exactness: 'text', note: say('dataset.shown-passage') };
}

function shown({ pieces, tokens, learnedTokens }: EncodedRow): Omit<ShownRow, 'note'> {
  const exactness = tokens === null ? 'text' : 'tokens';
  return { pieces: [...pieces], tokens, learnedTokens, exactness };
}

function noteOf(encoded: EncodedRow, id: string): string {
  const { tokens, learnedTokens, leftOut, breaksPrefix, endAdded } = encoded;
  const first =
    tokens === null
      ? say('dataset.shown-written', { id })
      : say('dataset.shown-tokens', { id, tokens, learned: learnedTokens ?? 0 });
  const prefix = say('dataset.shown-prefix', { id });
  const end = say('dataset.shown-end');
  const gap = say('dataset.shown-gap');
  return [first, breaksPrefix ? prefix : '', endAdded ? end : '', leftOut > 0 ? gap : ''].filter(Boolean).join(' ');
}

interface FamilyChoice {
  readonly family: CatalogueEntry['template'] | null;
  /** Why it is not exact, a clause. */
  readonly why: string;
}

/** The family's usual form; without a family the messages alone. */
function inFamily(messages: readonly RowMessage[], { family, why }: FamilyChoice): ShownRow {
  const encoded = encodeRow(
    { template: family === null ? bareTemplate : familyTemplate(family), vocabulary: null },
    messages,
  );
  const form = family === null ? say('dataset.shown-messages', { why }) : say('dataset.shown-family', { family, why });
  const gap = encoded.leftOut > 0 ? ` ${say('dataset.shown-gap')}` : '';
  return {
    ...shown(encoded),
    note: `${form}${gap}`,
  };
}

function familyTemplate(family: CatalogueEntry['template']): RowTemplate {
  return {
    renderRow: (messages, addGenerationPrompt) => writeAsFamily(family, messages, addGenerationPrompt),
    contentPlaces: (messages, text) =>
      findContentPlaces(messages, text, (given) => writeAsFamily(family, given, false)),
  };
}

const bareTemplate: RowTemplate = {
  renderRow: (messages) => messages.map(({ content }) => `${content}\n`).join(''),
  contentPlaces: (messages, text) =>
    findContentPlaces(messages, text, (given) => given.map(({ content }) => `${content}\n`).join('')),
};
