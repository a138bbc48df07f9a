import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ChatEvent, ChatRole, FinishReason } from '#contract/serving.ts';

export interface ChatFigures {
  readonly finishReason: FinishReason;
  readonly firstTokenMs: number;
  readonly totalMs: number;
  readonly tokens: number;
}

export interface ChatTurn {
  readonly role: Extract<ChatRole, 'user' | 'assistant'>;
  readonly state: 'done' | 'writing' | 'stopped' | 'failed';
  /** While it is being written the text stays outside, in the live texts. */
  readonly text: string;
  readonly figures: ChatFigures | null;
  readonly failure: ForgeErrorData | null;
}

/** One chat with one version. It lives as long as the window. */
export interface ChatConversation {
  readonly turns: readonly ChatTurn[];
  readonly systemPrompt: string;
  /** 0..2 */
  readonly temperature: number;
  readonly maximumTokens: number;
  /** What stands in the box. */
  readonly typed: string;
}

export const emptyConversation: ChatConversation = {
  turns: [],
  systemPrompt: '',
  temperature: 0,
  maximumTokens: 512,
  typed: '',
};

const said = (text: string): ChatTurn => ({ role: 'user', state: 'done', text, figures: null, failure: null });
const writing: ChatTurn = { role: 'assistant', state: 'writing', text: '', figures: null, failure: null };

/** A question was sent: it stands there, and an answer begins. */
export function ask(chat: ChatConversation, text: string): ChatConversation {
  return { ...chat, typed: '', turns: [...chat.turns, said(text), writing] };
}

/** What the last answer had become before it broke off; "" where it ended by itself. */
export function brokenText({ turns }: Pick<ChatConversation, 'turns'>): string {
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.state === 'failed' ? last.text : '';
}

/** The last answer is begun anew. */
export function askAgain(chat: ChatConversation): ChatConversation {
  return chat.turns.at(-1)?.role === 'assistant' ? { ...chat, turns: [...chat.turns.slice(0, -1), writing] } : chat;
}

/** How the answer that is being written ended; `text` is what it had become. */
export type ChatEnd =
  | { readonly kind: 'done'; readonly text: string; readonly figures: ChatFigures }
  | { readonly kind: 'stopped'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string; readonly failure: ForgeErrorData };

export function endAnswer(chat: ChatConversation, end: ChatEnd): ChatConversation {
  if (!isWriting(chat)) return chat;
  const ended: ChatTurn = {
    role: 'assistant',
    state: end.kind,
    text: end.text,
    figures: end.kind === 'done' ? end.figures : null,
    failure: end.kind === 'failed' ? end.failure : null,
  };
  return { ...chat, turns: [...chat.turns.slice(0, -1), ended] };
}

/** The question that is being answered goes back into the box, as if it had not been sent. */
export function takeBack(chat: ChatConversation): ChatConversation {
  return { ...chat, typed: chat.turns.at(-2)?.text ?? '', turns: chat.turns.slice(0, -2) };
}

export function isWriting({ turns }: Pick<ChatConversation, 'turns'>): boolean {
  return turns.at(-1)?.state === 'writing';
}

/** What the model is sent: system prompt, then questions with their answers. An answer that never came leaves with its question. */
export function messagesOf(chat: ChatConversation): { role: ChatRole; content: string }[] {
  const system = chat.systemPrompt.trim() === '' ? [] : [{ role: 'system' as const, content: chat.systemPrompt }];
  const messages: { role: ChatRole; content: string }[] = [];
  chat.turns.forEach((turn, index) => {
    const answer = chat.turns[index + 1];
    const wasLost = turn.role === 'user' && answer !== undefined && answer.state !== 'writing' && answer.text === '';
    const isEmpty = turn.role === 'assistant' && turn.text === '';
    if (!wasLost && !isEmpty) messages.push({ role: turn.role, content: turn.text });
  });
  return [...system, ...messages];
}

export function figuresOf(event: Omit<Extract<ChatEvent, { kind: 'done' }>, 'seed'>): ChatFigures {
  const { finishReason, firstTokenMs, totalMs, usage } = event;
  return { finishReason, firstTokenMs, totalMs, tokens: usage.completionTokens };
}

/** Tokens a second once the first one was there; null where too little was written to say. */
export function tokensPerSecond({ tokens, firstTokenMs, totalMs }: ChatFigures): number | null {
  const seconds = (totalMs - firstTokenMs) / 1000;
  return tokens < 2 || seconds <= 0 ? null : (tokens - 1) / seconds;
}
