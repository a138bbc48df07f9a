import type { RowMessage } from '#contract/datasets.ts';
import { say } from '#contract/sentences.ts';
import { accept, type Converted, refuse } from './message-rules.ts';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

const toolsMessage = say('dataset.row-tools');

/** Text of a message: a string, or a list of text parts (OpenAI). Pictures and sound are refused, never dropped. */
export function contentText(content: unknown): Converted<string> {
  if (typeof content === 'string') return accept(content);
  if (content === null || content === undefined) return accept('');
  if (typeof content === 'number' || typeof content === 'boolean') return accept(String(content));
  if (!Array.isArray(content)) return refuse('UNSUPPORTED_PART', say('dataset.row-content'));
  const texts: string[] = [];
  for (const part of content as unknown[]) {
    if (!isFields(part) || part['type'] !== 'text' || typeof part['text'] !== 'string') {
      const kind = isFields(part) ? String(part['type']).slice(0, 40) : typeof part;
      return refuse('UNSUPPORTED_PART', say('dataset.row-part', { kind }));
    }
    texts.push(part['text']);
  }
  return accept(texts.join(''));
}

const openAiRoles: Readonly<Record<string, RowMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};

function convertMessage(value: unknown): Converted<RowMessage> {
  if (!isFields(value)) return refuse('UNKNOWN_SHAPE', say('dataset.row-message'));
  if (isGiven(value['tool_calls']) || isGiven(value['function_call'])) return refuse('UNSUPPORTED_TOOLS', toolsMessage);
  const roleName = String(value['role']).slice(0, 40);
  if (roleName === 'tool' || roleName === 'function') return refuse('UNSUPPORTED_TOOLS', toolsMessage);
  const role = Object.hasOwn(openAiRoles, roleName) ? openAiRoles[roleName] : undefined;
  if (role === undefined) return refuse('BAD_ROLE', say('dataset.row-role', { role: roleName }));
  const content = contentText(value['content']);
  if (!content.ok) return content;
  const weight = value['weight'];
  if (weight === undefined || weight === null) return accept({ role, content: content.value });
  if (weight !== 0 && weight !== 1)
    return refuse('BAD_WEIGHT', say('dataset.row-weight', { weight: JSON.stringify(weight) }));
  return accept({ role, content: content.value, weight });
}

/** OpenAI / ChatML `messages`. `tools` on the row means the answers may call them: refused plainly. */
export function convertMessages(list: readonly unknown[], tools: unknown): Converted<RowMessage[]> {
  if (isGiven(tools)) return refuse('UNSUPPORTED_TOOLS', toolsMessage);
  const messages: RowMessage[] = [];
  for (const value of list) {
    const message = convertMessage(value);
    if (!message.ok) return message;
    messages.push(message.value);
  }
  return accept(messages);
}

const shareGptRoles: Readonly<Record<string, RowMessage['role'] | 'tool'>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  bard: 'assistant',
  bing: 'assistant',
  system: 'system',
  observation: 'tool',
  tool: 'tool',
  function_call: 'tool',
};

/** ShareGPT `conversations` of {from, value}; the human side must sit on the odd places (checked with the role order). */
export function convertShareGpt(list: readonly unknown[], system: string | undefined): Converted<RowMessage[]> {
  const messages: RowMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  for (const value of list) {
    if (!isFields(value)) return refuse('UNKNOWN_SHAPE', say('dataset.row-turn'));
    const name = String(value['from']).slice(0, 40);
    const role = Object.hasOwn(shareGptRoles, name) ? shareGptRoles[name] : undefined;
    if (role === undefined) return refuse('BAD_ROLE', say('dataset.row-speaker', { name }));
    if (role === 'tool') return refuse('UNSUPPORTED_TOOLS', toolsMessage);
    const content = contentText(value['value']);
    if (!content.ok) return content;
    messages.push({ role, content: content.value });
  }
  return accept(messages);
}
