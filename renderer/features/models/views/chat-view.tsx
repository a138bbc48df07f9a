import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Field } from '../../../ui/field.tsx';
import { Page } from '../../../ui/page.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Term } from '../../../ui/term.tsx';
import { NumberInput, TextArea } from '../../../ui/text-input.tsx';
import type { LiveTexts } from '../../compare/live-texts.ts';
import { useFollowBottom } from '../../compare/use-follow-bottom.ts';
import { PromptBox } from '../../compare/views/prompt-box.tsx';
import { isWriting, type ChatConversation } from '../chat-conversation.ts';
import { useChatWords } from '../models-words.ts';
import { ChatMessage } from './chat-message.tsx';
import classes from './chat-view.module.css';

/** Where the model is now: answering needs it in memory. */
export type ModelPlace = 'away' | 'loading' | 'ready' | 'gone';

export interface ChatHandlers {
  change(part: Partial<Omit<ChatConversation, 'turns'>>): void;
  send(): void;
  stop(): void;
  retry(): void;
  clear(): void;
}

export interface ChatViewProps {
  /** `name:v3` */
  readonly model: string;
  readonly chat: ChatConversation;
  readonly live: LiveTexts;
  readonly place: ModelPlace;
  readonly handlers: ChatHandlers;
}

const wordByPlace = { away: 'loadsFirst', loading: 'loading', ready: 'inMemory', gone: 'gone' } as const;

/** A chat with one version. */
export function ChatView({ model, chat, live, place, handlers }: ChatViewProps) {
  const words = useChatWords();
  const scroll = useFollowBottom(chat.turns.length);
  const isBusy = isWriting(chat);
  return (
    <Page
      layout="fill"
      title={words('title', { model })}
      subtitle={words(place === 'away' && chat.turns.length > 0 ? 'loadsAgain' : wordByPlace[place])}
      actions={
        <>
          <LinkButton to="/models" kind="quiet">
            {words('toModels')}
          </LinkButton>
          {chat.turns.length > 0 && <Button onClick={handlers.clear}>{words('clear')}</Button>}
        </>
      }
    >
      <div ref={scroll} className={classes['scroll']}>
        {chat.turns.length === 0 ? (
          <EmptyState title={words('emptyTitle')} text={words('emptyText')} />
        ) : (
          <ol className={classes['messages']}>
            {chat.turns.map((turn, index) => (
              // A chat only grows at its end, so the place is the identity.
              <ChatMessage
                key={`${index}-${turn.role}`}
                turn={turn}
                model={model}
                isGone={place === 'gone'}
                live={live}
                onRetry={handlers.retry}
                isLast={index === chat.turns.length - 1}
              />
            ))}
          </ol>
        )}
      </div>
      <div className={classes['box']}>
        <PromptBox
          text={chat.typed}
          onChange={(typed) => handlers.change({ typed })}
          onSend={handlers.send}
          label={words('message')}
          placeholder={words('placeholder')}
          sendLabel={words('send')}
          obstacle={place === 'gone' ? words('gone') : null}
          isBusy={isBusy}
        >
          <ChatSettings chat={chat} onChange={handlers.change} />
          {isBusy && <Button onClick={handlers.stop}>{words('stop')}</Button>}
        </PromptBox>
      </div>
    </Page>
  );
}

interface ChatSettingsProps {
  readonly chat: ChatConversation;
  readonly onChange: ChatHandlers['change'];
}

function ChatSettings({ chat, onChange }: ChatSettingsProps) {
  const words = useChatWords();
  const trigger = (
    <Button kind="quiet" icon={<SlidersHorizontal />}>
      {words('settings')}
    </Button>
  );
  return (
    <Popover trigger={trigger} title={words('settings')}>
      <div className={classes['fields']}>
        <Field label={words('systemPrompt')} hint={words('systemPromptHint')}>
          <TextArea
            rows={4}
            maxLength={20_000}
            value={chat.systemPrompt}
            onChange={(systemPrompt) => onChange({ systemPrompt })}
          />
        </Field>
        <Field label={<Term id="temperature">{words('temperature')}</Term>}>
          <NumberInput
            value={chat.temperature}
            min={0}
            max={2}
            step={0.1}
            onChange={(temperature) => onChange({ temperature: temperature ?? 0 })}
          />
        </Field>
        <Field label={words('maximumTokens')}>
          <NumberInput
            value={chat.maximumTokens}
            min={1}
            max={131_072}
            step={64}
            unit={words('tokens')}
            onChange={(value) => value !== null && onChange({ maximumTokens: Math.round(value) })}
          />
        </Field>
      </div>
    </Popover>
  );
}
