import type { ChatMessage } from '#contract/serving.ts';
import { ModelFailure } from './model-protocol.ts';

/** Where the content of one message stands in a rendered text. */
export interface ContentPlace {
  readonly start: number;
  readonly end: number;
  readonly role: ChatMessage['role'];
}

/** Characters of the private use area: no tokenizer, trim or case change of a template touches them. */
const sentinel = (index: number): string => `\uE0F0${index}\uE0F1`;
const sentinelPattern = /\uE0F0(\d+)\uE0F1/g;

/**
 * Renders the conversation a second time with placeholders as contents. When putting the contents (or the trimmed
 * contents, as Llama 3 and Gemma do) in their places gives the first text back, the places are known.
 */
export function findContentPlaces(
  messages: readonly ChatMessage[],
  text: string,
  renderText: (messages: readonly ChatMessage[]) => string,
): ContentPlace[] | null {
  let skeleton: string;
  try {
    skeleton = renderText(messages.map(({ role }, index) => ({ role, content: sentinel(index) })));
  } catch (failure) {
    // A template that checks its contents can refuse placeholders; the conversation itself was accepted.
    if (failure instanceof ModelFailure) return null;
    throw failure;
  }
  return placesIn(skeleton, messages, text) ?? placesIn(skeleton, messages.map(trimmed), text);
}

const trimmed = ({ role, content }: ChatMessage): ChatMessage => ({ role, content: content.trim() });

function placesIn(skeleton: string, messages: readonly ChatMessage[], text: string): ContentPlace[] | null {
  const places: ContentPlace[] = [];
  let filled = '';
  let readFrom = 0;
  for (const match of skeleton.matchAll(sentinelPattern)) {
    const message = messages[Number(match[1])];
    if (message === undefined) return null;
    filled += skeleton.slice(readFrom, match.index);
    places.push({ start: filled.length, end: filled.length + message.content.length, role: message.role });
    filled += message.content;
    readFrom = match.index + match[0].length;
  }
  filled += skeleton.slice(readFrom);
  return filled === text ? places : null;
}
