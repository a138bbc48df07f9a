import type { ChatMessage, ContentGuard } from '#contract/serving.ts';
import type { ChatTemplate, TemplatedPrompt } from './chat-template.ts';

/** What is needed of a model's tokenizer. Token ids are plain numbers here. */
export interface Vocabulary {
  /** With `controlWords` true, text such as `<|im_end|>` becomes its control token; otherwise it stays text. Never adds BOS. */
  tokenise(text: string, controlWords: boolean): number[];
  /** The same for text in the middle of a prompt: no space is put in front by the tokenizer. */
  tokeniseInside(text: string, controlWords: boolean): number[];
  /** Texts of all control tokens. */
  readonly controlWords: readonly string[];
  /** The token that the file wants in front of every prompt, or null. */
  readonly leadingToken: number | null;
}

export interface PromptTokens {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly contentGuard: ContentGuard;
  /** Token positions at which the content of a message begins: there the state of an earlier request may be taken over. */
  readonly boundaries: readonly number[];
}

/** Each boundary costs one more tokenising of the text before it. */
const maximumBoundaries = 64;

/**
 * A conversation as the tokens the model was trained on. The rendered text is tokenised in one piece (as in training), except
 * where a message contains the text of a control token: that text is tokenised apart, as text, so that nobody can end
 * a turn or begin a system message from inside a message.
 */
export function createPromptTokeniser(template: ChatTemplate, vocabulary: Vocabulary) {
  const findControlWord = controlWordFinder(vocabulary.controlWords);
  const tokenise = (text: string, ranges: TemplatedPrompt['contentRanges']): number[] => {
    const hostile = ranges === null ? [] : findControlWord(text).filter((found) => touches(found, ranges));
    return withLeadingToken(tokeniseAround(text, hostile, vocabulary), vocabulary.leadingToken);
  };
  return (messages: readonly ChatMessage[]): PromptTokens => {
    let prompt = template.render(messages);
    let contentGuard: ContentGuard = 'exact';
    if (prompt.contentRanges === null && messages.some(({ content }) => findControlWord(content).length > 0)) {
      contentGuard = 'escaped';
      prompt = template.render(
        messages.map(({ role, content }) => ({ role, content: broken(content, findControlWord) })),
      );
    }
    const { text, contentRanges } = prompt;
    const tokens = tokenise(text, contentRanges);
    const boundaries = (contentRanges ?? [])
      .slice(0, maximumBoundaries)
      .map(([start]) => commonLength(tokens, tokenise(text.slice(0, start), contentRanges)));
    return { text, tokens, contentGuard, boundaries: ascending(boundaries, tokens.length) };
  };
}

type Span = readonly [start: number, end: number];

/** Finds control words, longest first where several begin at one place. */
function controlWordFinder(words: readonly string[]): (text: string) => Span[] {
  const escaped = words
    .filter((word) => word.length > 0)
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  if (escaped.length === 0) return () => [];
  const pattern = new RegExp(escaped.join('|'), 'gu');
  return (text) => [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

const touches = ([start, end]: Span, ranges: readonly Span[]): boolean =>
  ranges.some(([from, to]) => start < to && end > from);

function tokeniseAround(text: string, hostile: readonly Span[], vocabulary: Vocabulary): number[] {
  if (hostile.length === 0) return vocabulary.tokenise(text, true);
  const tokens: number[] = [];
  let from = 0;
  const add = (piece: string, controlWords: boolean): void => {
    if (piece === '') return;
    const first = tokens.length === 0;
    for (const token of first
      ? vocabulary.tokenise(piece, controlWords)
      : vocabulary.tokeniseInside(piece, controlWords)) {
      tokens.push(token);
    }
  };
  for (const [start, end] of hostile) {
    add(text.slice(from, start), true);
    add(text.slice(start, end), false);
    from = end;
  }
  add(text.slice(from), true);
  return tokens;
}

/** The file's own wish for a first token is met once: many templates write it themselves. */
function withLeadingToken(tokens: number[], leading: number | null): number[] {
  return leading === null || tokens[0] === leading ? tokens : [leading, ...tokens];
}

/** Puts a zero-width space behind the first character of each control word. */
function broken(content: string, find: (text: string) => Span[]): string {
  let result = '';
  let from = 0;
  for (const [start, end] of find(content)) {
    const [first = '', ...rest] = content.slice(start, end);
    result += `${content.slice(from, start)}${first}\u200B${rest.join('')}`;
    from = end;
  }
  return result + content.slice(from);
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function ascending(positions: readonly number[], end: number): number[] {
  return [...new Set(positions)].filter((position) => position > 0 && position < end).toSorted((a, b) => a - b);
}
