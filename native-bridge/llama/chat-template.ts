import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '#contract/serving.ts';
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
}

/** Longest template that is parsed, in characters; the longest published ones have about 20,000. */
const maximumTemplateCharacters = 200_000;

/** Characters of the private use area: no tokenizer, trim or case change of a template touches them. */
const sentinel = (index: number): string => `\uE0F0${index}\uE0F1`;
const sentinelPattern = /\uE0F0(\d+)\uE0F1/g;

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
  const renderText = (messages: readonly ChatMessage[]): string =>
    refusing(() =>
      template.render({ messages, add_generation_prompt: true, bos_token: bosText, eos_token: eosText, tools: null }),
    );
  return {
    render(messages) {
      const text = renderText(messages);
      return { text, contentRanges: findContentRanges(messages, text, renderText) };
    },
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

/**
 * Renders the conversation a second time with placeholders as contents. When putting the contents (or the trimmed
 * contents, as Llama 3 and Gemma do) in their places gives the first text back, the places are known.
 */
function findContentRanges(
  messages: readonly ChatMessage[],
  text: string,
  renderText: (messages: readonly ChatMessage[]) => string,
): TemplatedPrompt['contentRanges'] {
  let skeleton: string;
  try {
    skeleton = renderText(messages.map(({ role }, index) => ({ role, content: sentinel(index) })));
  } catch (failure) {
    // A template that checks its contents can refuse placeholders; the conversation itself was accepted.
    if (failure instanceof ModelFailure) return null;
    throw failure;
  }
  const contents = messages.map(({ content }) => content);
  return rangesIn(skeleton, contents, text) ?? rangesIn(skeleton, contents.map(trimmed), text);
}

const trimmed = (content: string): string => content.trim();

function rangesIn(skeleton: string, contents: readonly string[], text: string): [number, number][] | null {
  const ranges: [number, number][] = [];
  let filled = '';
  let readFrom = 0;
  for (const match of skeleton.matchAll(sentinelPattern)) {
    const content = contents[Number(match[1])];
    if (content === undefined) return null;
    filled += skeleton.slice(readFrom, match.index);
    ranges.push([filled.length, filled.length + content.length]);
    filled += content;
    readFrom = match.index + match[0].length;
  }
  filled += skeleton.slice(readFrom);
  return filled === text ? ranges : null;
}
