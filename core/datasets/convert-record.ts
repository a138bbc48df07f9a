import type { ColumnMapping, DatasetFormat, RowMessage } from '#contract/datasets.ts';
import { say } from '#contract/sentences.ts';
import { findOptionalColumns, formatOfMapping, suggestMapping } from './column-names.ts';
import { convertMessages, convertShareGpt } from './convert-conversation.ts';
import { accept, type Converted, refuse } from './message-rules.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A record that was understood, before it is checked and hashed. */
export interface ConvertedRecord {
  readonly format: DatasetFormat;
  readonly mapping: ColumnMapping | null;
  readonly messages: readonly RowMessage[];
  readonly group?: string;
  readonly id?: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A cell as text: strings as they are, numbers and booleans as written, objects (an answer in JSON) compact, null as empty. */
function cellText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function own(record: JsonObject, key: string | undefined): unknown {
  return key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function optionalText(record: JsonObject, key: string | undefined): string | undefined {
  const value = own(record, key);
  const text = typeof value === 'object' ? '' : cellText(value);
  return text === '' ? undefined : text;
}

/** Alpaca's `history`: [[question, answer], ...] become earlier turns. */
function historyMessages(value: unknown): Converted<RowMessage[]> {
  if (value === undefined || value === null || value === '') return accept([]);
  if (!Array.isArray(value)) return refuse('UNKNOWN_SHAPE', say('dataset.row-history'));
  const messages: RowMessage[] = [];
  for (const turn of value as unknown[]) {
    const [user, assistant] = Array.isArray(turn) ? (turn as unknown[]) : [];
    if (typeof user !== 'string' || typeof assistant !== 'string') {
      return refuse('UNKNOWN_SHAPE', say('dataset.row-history'));
    }
    messages.push({ role: 'user', content: user }, { role: 'assistant', content: assistant });
  }
  return accept(messages);
}

function messageList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every((part) => isObject(part) && 'role' in part);
}

function convertPair(record: JsonObject, mapping: ColumnMapping): Converted<RowMessage[]> {
  const [prompt, answer] = [own(record, mapping.prompt), own(record, mapping.answer)];
  const system = optionalText(record, mapping.system);
  const first: RowMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  if (messageList(prompt) || messageList(answer)) {
    const asList = (value: unknown, role: string): unknown[] =>
      messageList(value) ? value : [{ role, content: value }];
    const rest = convertMessages([...asList(prompt, 'user'), ...asList(answer, 'assistant')], undefined);
    return rest.ok ? accept([...first, ...rest.value]) : rest;
  }
  const history = historyMessages(formatOfMapping(mapping) === 'alpaca' ? own(record, 'history') : undefined);
  if (!history.ok) return history;
  const context = optionalText(record, mapping.context);
  const question = context === undefined ? cellText(prompt) : `${cellText(prompt)}\n${context}`;
  return accept([
    ...first,
    ...history.value,
    { role: 'user', content: question },
    { role: 'assistant', content: cellText(answer) },
  ]);
}

function withPlaces(
  record: JsonObject,
  places: { group?: string | undefined; id?: string | undefined },
  converted: Omit<ConvertedRecord, 'group' | 'id'>,
): Converted<ConvertedRecord> {
  const [group, id] = [optionalText(record, places.group), optionalText(record, places.id)];
  return accept({ ...converted, ...(group === undefined ? {} : { group }), ...(id === undefined ? {} : { id }) });
}

/** Turns one object into messages by its own shape, or by the mapping a person gave. The role rules are checked later. */
export function convertRecord(record: JsonObject, given: ColumnMapping | undefined): Converted<ConvertedRecord> {
  const keys = Object.keys(record);
  if (given === undefined) {
    const conversation: [DatasetFormat, Converted<RowMessage[]>] | undefined = Array.isArray(record['messages'])
      ? ['messages', convertMessages(record['messages'], record['tools'] ?? record['functions'])]
      : Array.isArray(record['conversations'])
        ? ['sharegpt', convertShareGpt(record['conversations'], optionalText(record, 'system'))]
        : undefined;
    if (conversation !== undefined) {
      const [format, messages] = conversation;
      if (!messages.ok) return messages;
      return withPlaces(record, findOptionalColumns(keys), { format, mapping: null, messages: messages.value });
    }
  }
  const mapping = given ?? suggestMapping(keys);
  if (mapping === undefined)
    return refuse('UNKNOWN_SHAPE', say('dataset.row-shape', { keys: keys.slice(0, 12).join(', ') }));
  if (!Object.hasOwn(record, mapping.prompt))
    return refuse('EMPTY_PROMPT', say('dataset.row-missing', { column: mapping.prompt }));
  if (!Object.hasOwn(record, mapping.answer))
    return refuse('EMPTY_ANSWER', say('dataset.row-missing', { column: mapping.answer }));
  const messages = convertPair(record, mapping);
  if (!messages.ok) return messages;
  return withPlaces(record, mapping, { format: formatOfMapping(mapping), mapping, messages: messages.value });
}
