import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useShallow } from 'zustand/shallow';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useUndo } from '../../../ui/toast-context.ts';
import { emptyConversation } from '../chat-conversation.ts';
import { createChatStore, type ChatState } from '../chat-store.ts';
import { createModelsStore } from '../models-store.ts';
import { useChatWords } from '../models-words.ts';
import { ChatView, type ModelPlace } from './chat-view.tsx';

const everything = (state: ChatState): ChatState => state;

/** `/models/$name/$version/chat`; the version as `v3` or `3`. */
export function ChatPage() {
  const { name = '', version = '' } = useParams({ strict: false }) as {
    readonly name?: string;
    readonly version?: string;
  };
  const model = `${name}:v${version.replace(/^v/, '')}`;
  const words = useChatWords();
  const chats = useStoreOf(createChatStore, useShallow(everything));
  const offerUndo = useUndo();
  return (
    <ChatView
      model={model}
      chat={chats.chats[model] ?? emptyConversation}
      live={chats.live}
      place={usePlace(model)}
      handlers={{
        change: (part) => chats.change(model, part),
        send: () => chats.send(model),
        stop: () => chats.stop(model),
        retry: () => chats.retry(model),
        clear() {
          const before = chats.clear(model);
          offerUndo({ text: words('cleared'), undo: () => chats.restore(model, before), commit: () => undefined });
        },
      }}
    />
  );
}

/** Whether the model is in memory, or no more to be had, as the server tells it. */
function usePlace(model: string): ModelPlace {
  const open = useStoreOf(createModelsStore, (state) => state.open);
  useEffect(() => open(), [open]);
  return useStoreOf(createModelsStore, ({ serving }) => {
    const path = serving?.models.find((served) => served.name === model)?.path;
    const server = serving?.servers.find((one) => one.path === path);
    if (serving !== null && path === undefined) return 'gone';
    if (server?.state === 'loading') return 'loading';
    return server?.state === 'ready' ? 'ready' : 'away';
  });
}
