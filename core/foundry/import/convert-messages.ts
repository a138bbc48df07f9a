import type { CanonicalMessage } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { contentText, isGiven } from '../../datasets/convert-conversation.ts';
import { isObject, type JsonObject } from '../../datasets/convert-record.ts';
import { accept, type Converted, refuse } from '../../datasets/message-rules.ts';
import { cellText, isMessageList, structured } from './record-values.ts';
import type { ToolDefinition } from './row-content.ts';

type ToolCalls = NonNullable<CanonicalMessage['tool_calls']>;

/** A call as OpenAI writes it (`function` inside), as it once did (`function_call`), or flat. Arguments stay the JSON text they were given as. */
function toolCallOf(value: unknown): ToolCalls[number] | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value['function']) ? value['function'] : value;
  const { name, arguments: given } = inner;
  if (typeof name !== 'string' || name === '') return undefined;
  const text = typeof given === 'string' ? given : given === undefined || given === null ? '{}' : JSON.stringify(given);
  return { ...(typeof value['id'] === 'string' ? { id: value['id'] } : {}), name, arguments: text };
}

function toolCallsOf(list: unknown): Converted<ToolCalls> {
  const calls = (Array.isArray(list) ? (list as unknown[]) : [list]).map(toolCallOf);
  const known = calls.filter((call) => call !== undefined);
  return known.length === calls.length ? accept(known) : refuse('BAD_TOOL_CALL', say('dataset.row-tool-call'));
}

const openAiRoles: Readonly<Record<string, CanonicalMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};

const shareGptRoles: Readonly<Record<string, CanonicalMessage['role'] | 'function_call'>> = {
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
  function_call: 'function_call',
};

function weightOf(value: unknown): Converted<0 | 1 | undefined> {
  if (value === undefined || value === null) return accept(undefined);
  if (value === 0 || value === 1) return accept(value);
  return refuse('BAD_WEIGHT', say('dataset.row-weight', { weight: JSON.stringify(value) ?? String(value) }));
}

function openAiMessage(value: JsonObject): Converted<CanonicalMessage> {
  const roleName = String(value['role']).slice(0, 40);
  const role = Object.hasOwn(openAiRoles, roleName) ? openAiRoles[roleName] : undefined;
  if (role === undefined) return refuse('BAD_ROLE', say('dataset.row-role', { role: roleName }));
  const content = contentText(value['content']);
  if (!content.ok) return content;
  const weight = weightOf(value['weight']);
  if (!weight.ok) return weight;
  const given = isGiven(value['tool_calls']) ? value['tool_calls'] : value['function_call'];
  const calls = isGiven(given) ? toolCallsOf(given) : accept<ToolCalls>([]);
  if (!calls.ok) return calls;
  const answered = value['tool_call_id'];
  return accept({
    role,
    content: content.value,
    ...(weight.value === undefined ? {} : { weight: weight.value }),
    ...(calls.value.length === 0 ? {} : { tool_calls: calls.value }),
    ...(typeof answered === 'string' ? { tool_call_id: answered } : {}),
  });
}

function shareGptMessage(value: JsonObject): Converted<CanonicalMessage> {
  const name = String(value['from']).slice(0, 40);
  const role = Object.hasOwn(shareGptRoles, name) ? shareGptRoles[name] : undefined;
  if (role === undefined) return refuse('BAD_ROLE', say('dataset.row-speaker', { name }));
  if (role === 'function_call') {
    const calls = toolCallsOf(structured(value['value']));
    return calls.ok ? accept({ role: 'assistant', content: '', tool_calls: calls.value }) : calls;
  }
  const content = contentText(value['value']);
  return content.ok ? accept({ role, content: content.value }) : content;
}

/** Messages of OpenAI's kind (`role`, `content`) or of ShareGPT's (`from`, `value`), told apart one by one. Their order is checked later. */
export function convertMessageList(list: readonly unknown[]): Converted<CanonicalMessage[]> {
  const messages: CanonicalMessage[] = [];
  for (const value of list) {
    if (!isObject(value)) return refuse('UNKNOWN_SHAPE', say('dataset.row-message'));
    const message = 'from' in value && !('role' in value) ? shareGptMessage(value) : openAiMessage(value);
    if (!message.ok) return message;
    messages.push(message.value);
  }
  return accept(messages);
}

function isParts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((part) => isObject(part) && 'type' in part);
}

/** One side of a pair: a text, one message, or a list of messages. An object or list that is neither is the text of its JSON. */
export function convertSide(value: unknown, role: 'user' | 'assistant'): Converted<CanonicalMessage[]> {
  const parsed = structured(value);
  if (isMessageList(parsed)) return convertMessageList(parsed);
  if (isObject(parsed) && isMessageList([parsed])) return convertMessageList([parsed]);
  const content = isParts(value) ? contentText(value) : accept(cellText(value));
  return content.ok ? accept([{ role, content: content.value }]) : content;
}

/** Definitions of tools; undefined where there are none or where they are not objects. */
export function toolsOf(value: unknown): readonly ToolDefinition[] | undefined {
  const list = structured(value);
  if (!Array.isArray(list) || list.length === 0 || !list.every(isObject)) return undefined;
  return list;
}
