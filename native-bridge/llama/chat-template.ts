import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '#contract/serving.ts';
import { findContentPlaces, type ContentPlace } from './content-places.ts';
import { ModelFailure } from './model-protocol.ts';

/** A prompt as text, with the places in it that came from messages. */
export interface TemplatedPrompt {
  readonly text: string;
  /**
   * Start and end of every message's content in `text`, in order of appearance; null when the template changes its
   * messages so that the places can not be known.
   */
  readonly contentRanges: readonly (readonly [start: number, end: number])[] | null;
}

export interface ChatTemplate {
  render(messages: readonly ChatMessage[]): TemplatedPrompt;
  /** The conversation as training writes it: with or without the words that ask for an answer. */
  renderRow(messages: readonly ChatMessage[], addGenerationPrompt: boolean): string;
  /** Places of the contents in a text of `renderRow`; null when they cannot be known. */
  contentPlaces(messages: readonly ChatMessage[], text: string): readonly ContentPlace[] | null;
}

/** Longest template that is parsed, in characters; the longest published ones have about 20,000. */
const maximumTemplateCharacters = 200_000;

/**
 * Compiles the Jinja chat template that is stored in a model file.
 * @throws ModelFailure `serving.no-chat-template` when it is empty, `serving.template-refused` when it does not parse.
 */
export function compileChatTemplate(options: {
  readonly path: string;
  readonly source: string | undefined;
  readonly bosText: string;
  readonly eosText: string;
}): ChatTemplate {
  const { source, bosText, eosText } = options;
  if (!source?.trim()) throw new ModelFailure('serving.no-chat-template', { path: options.path });
  if (source.length > maximumTemplateCharacters) {
    throw new ModelFailure('serving.template-refused', { reason: `it has ${source.length} characters` });
  }
  const template = refusing(() => new Template(source));
  const renderText = (messages: readonly ChatMessage[], addGenerationPrompt = true): string =>
    refusing(() =>
      template.render({
        messages,
        add_generation_prompt: addGenerationPrompt,
        bos_token: bosText,
        eos_token: eosText,
        tools: null,
      }),
    );
  return {
    render(messages) {
      const text = renderText(messages);
      const ranges = findContentPlaces(messages, text, (given) => renderText(given));
      return { text, contentRanges: ranges?.map(({ start, end }) => [start, end] as const) ?? null };
    },
    renderRow: renderText,
    contentPlaces: (messages, text) => findContentPlaces(messages, text, (given) => renderText(given, false)),
  };
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    // The template is data from a file: whatever it throws is its refusal, worded by its author.
    throw new ModelFailure('serving.template-refused', { reason: String((cause as Error).message).slice(0, 300) });
  }
}
