import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ask,
  askAgain,
  emptyConversation,
  endAnswer,
  isWriting,
  messagesOf,
  tokensPerSecond,
} from './chat-conversation.ts';
import { failure } from './fixtures.ts';

const figures = { finishReason: 'stop', firstTokenMs: 1_000, totalMs: 3_000, tokens: 21 } as const;
const done = (text: string) => ({ kind: 'done', text, figures }) as const;

test('a question empties the box and begins an answer', () => {
  const chat = ask({ ...emptyConversation, typed: 'Hello' }, 'Hello');
  assert.equal(chat.typed, '');
  assert.ok(isWriting(chat));
  assert.deepEqual(messagesOf(chat), [{ role: 'user', content: 'Hello' }]);
});

test('the model is sent its own former answers and the system prompt', () => {
  const first = endAnswer(ask({ ...emptyConversation, systemPrompt: 'Be short.' }, 'One'), done('1'));
  assert.deepEqual(messagesOf(ask(first, 'Two')), [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'One' },
    { role: 'assistant', content: '1' },
    { role: 'user', content: 'Two' },
  ]);
});

test('an answer that never came leaves with its question, a half one stays', () => {
  const lost = endAnswer(ask(emptyConversation, 'Lost'), { kind: 'failed', text: '', failure });
  assert.deepEqual(messagesOf(ask(lost, 'Again')), [{ role: 'user', content: 'Again' }]);
  const half = endAnswer(ask(emptyConversation, 'Half'), { kind: 'stopped', text: 'Hal' });
  assert.deepEqual(
    messagesOf(half).map(({ content }) => content),
    ['Half', 'Hal'],
  );
});

test('asking again throws the last answer away and keeps the question', () => {
  const failed = endAnswer(ask(emptyConversation, 'One'), { kind: 'failed', text: 'half', failure });
  const again = askAgain(failed);
  assert.ok(isWriting(again));
  assert.deepEqual(messagesOf(again), [{ role: 'user', content: 'One' }]);
});

test('an end that comes when nothing is written changes nothing', () => {
  const chat = endAnswer(ask(emptyConversation, 'One'), done('1'));
  assert.equal(endAnswer(chat, done('2')), chat);
});

test('speed counts from the first token', () => {
  assert.equal(tokensPerSecond(figures), 10);
  assert.equal(tokensPerSecond({ ...figures, tokens: 1 }), null);
});
