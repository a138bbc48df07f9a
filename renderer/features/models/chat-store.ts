import { createStore, type StoreApi } from 'zustand/vanilla';
import { failureOf, type EngineAccess } from '../../connection/engine-access.ts';
import { createLiveTexts, type LiveTexts } from '../compare/live-texts.ts';
import {
  ask,
  askAgain,
  brokenText,
  emptyConversation,
  endAnswer,
  figuresOf,
  isWriting,
  messagesOf,
  takeBack,
  type ChatConversation,
  type ChatEnd,
} from './chat-conversation.ts';

/** Chats with single versions, by `name:v3`. They go on while another page is shown. */
export interface ChatState {
  readonly chats: Readonly<Record<string, ChatConversation>>;
  /** Answers that are being written, by version. */
  readonly live: LiveTexts;
  change(model: string, part: Partial<Omit<ChatConversation, 'turns'>>): void;
  /** Sends what was typed. */
  send(model: string): void;
  /** Asks the last question again; what a broken-off answer had become stays until the new one is past it. */
  retry(model: string): void;
  stop(model: string): void;
  /** Begins anew and gives back what was there, for undo. */
  clear(model: string): ChatConversation;
  restore(model: string, chat: ChatConversation): void;
}

type Store = StoreApi<ChatState>;

export function createChatStore(engine: EngineAccess): Store {
  const running = new Map<string, AbortController>();
  const store: Store = createStore<ChatState>((set, get) => {
    const chatOf = (model: string): ChatConversation => get().chats[model] ?? emptyConversation;
    const put = (model: string, chat: ChatConversation): void =>
      set(({ chats }) => ({ chats: { ...chats, [model]: chat } }));
    const begin = (model: string, chat: ChatConversation, kept = ''): void => {
      const stop = new AbortController();
      running.set(model, stop);
      get().live.set(model, kept);
      put(model, chat);
      void answer(engine, { model, chat, kept, live: get().live, signal: stop.signal }).then((end) => {
        // A chat that was cleared, or stopped and asked anew, is another one by now.
        if (running.get(model) !== stop) return;
        running.delete(model);
        put(model, endAnswer(chatOf(model), end));
      });
    };
    return {
      chats: {},
      live: createLiveTexts(),
      change: (model, part) => put(model, { ...chatOf(model), ...part }),
      send(model) {
        const chat = chatOf(model);
        if (chat.typed.trim() !== '' && !isWriting(chat)) begin(model, ask(chat, chat.typed));
      },
      retry(model) {
        const chat = chatOf(model);
        if (!isWriting(chat) && chat.turns.length > 0) begin(model, askAgain(chat), brokenText(chat));
      },
      stop: (model) => running.get(model)?.abort(),
      clear(model) {
        const before = chatOf(model);
        running.get(model)?.abort();
        running.delete(model);
        put(model, { ...before, turns: [] });
        return isWriting(before) ? takeBack(before) : before;
      },
      restore: put,
    };
  });
  return store;
}

interface Answering {
  readonly model: string;
  readonly chat: ChatConversation;
  /** Of an answer that broke off; the greedy one comes to the same words and goes on behind them. */
  readonly kept: string;
  readonly live: LiveTexts;
  readonly signal: AbortSignal;
}

/** Reads one answer to its end, whatever end that is. */
async function answer(engine: EngineAccess, { model, chat, kept, live, signal }: Answering): Promise<ChatEnd> {
  let text = '';
  const longest = (): string => (text.length >= kept.length ? text : kept);
  try {
    const { temperature, maximumTokens } = chat;
    const events = await engine.call((client) =>
      client.serving.chat({ model, messages: messagesOf(chat), temperature, maximumTokens }, { signal }),
    );
    for await (const event of events) {
      if (event.kind === 'done') return { kind: 'done', text, figures: figuresOf(event) };
      const wasPast = text.length > kept.length;
      text += event.text;
      if (signal.aborted || text.length <= kept.length) continue;
      if (wasPast) live.append(model, event.text);
      else live.set(model, text);
    }
    return { kind: 'stopped', text: longest() };
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped', text: longest() };
    return { kind: 'failed', text: longest(), failure: failureOf(error) };
  }
}
