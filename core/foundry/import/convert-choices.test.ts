// Where a marked answer begins (TRL, LLaMA-Factory), and what a category beside a text is.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';
import { createRowImporter } from './row-importer.ts';

function take(value: unknown) {
  const importer = createRowImporter({
    ...{ uri: 'rows.jsonl', sourceType: 'file', columns: [], mapping: null },
    ...{ systemPrompt: null, domain: null, licence: null, teacher: null },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return importer.take({ line: 1, byteOffset: 0, byteLength: 20, flags: [], kind: 'value', value });
}

function row(value: unknown): CanonicalRow {
  const outcome = take(value);
  assert.ok(outcome.kind === 'row', JSON.stringify(outcome));
  return outcome.row;
}

function codeOf(value: unknown): string {
  const outcome = take(value);
  return outcome.kind === 'rejected' ? outcome.reason : 'a row';
}

function messagesOf(value: unknown): readonly CanonicalMessage[] {
  const made = row(value);
  assert.ok(made.kind === 'sft', made.kind);
  return made.messages;
}

const user = (content: string): CanonicalMessage => ({ role: 'user', content });
const assistant = (content: string): CanonicalMessage => ({ role: 'assistant', content });

test('TRL: prompt and completion stay parted where the record parts them, also at a call of a tool', () => {
  const call = { role: 'assistant', content: '', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] };
  const result = { role: 'tool', content: '7', tool_call_id: 'c' };
  const rolesOf = (record: object): string[][] => {
    const made = row(record);
    assert.ok(made.kind === 'unpaired');
    return [made.prompt, made.completion].map((side) => side.map(({ role }) => role));
  };
  const answer = assistant('It is 7.');
  const before = { prompt: [user('q'), call, result], completion: [answer], label: true };
  assert.deepEqual(rolesOf(before), [['user', 'assistant', 'tool'], ['assistant']]);
  const within = { prompt: [user('q')], completion: [call, result, answer], label: true };
  assert.deepEqual(rolesOf(within), [['user'], ['assistant', 'tool', 'assistant']]);
  // LLaMA-Factory marks whole conversations: the mark is of the last message.
  const marked = { messages: [user('q'), call, result, answer], kto_tag: true };
  assert.deepEqual(rolesOf(marked), [['user', 'assistant', 'tool'], ['assistant']]);
  assert.equal(codeOf({ messages: [user('q'), call, result], kto_tag: true }), 'BAD_ROLE_ORDER');
});

test('a category beside nothing but a text or a question files it, and is no answer', () => {
  const text = row({ text: 'Once upon a time.', category: 'tales' });
  assert.deepEqual([text.kind, text.category], ['text', 'tales']);
  const prompt = row({ prompt: 'Why?', category: 'reasons' });
  assert.deepEqual([prompt.kind, prompt.category], ['prompt', 'reasons']);
  assert.deepEqual(messagesOf({ ticket: 'Late again', category: 'delivery' }), [
    user('Late again'),
    assistant('delivery'),
  ]);
  assert.deepEqual(messagesOf({ text: 'Late again', label: 'bad' }), [user('Late again'), assistant('bad')]);
});
