import type { CanonicalMessage } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import type { JsonObject } from '../../datasets/convert-record.ts';
import { accept, type Converted, refuse } from '../../datasets/message-rules.ts';
import { convertSide } from './convert-messages.ts';
import { cellText, factText, own, structured } from './record-values.ts';

/** Keys of a pair; without `answer` only what is asked is made. */
export interface PairKeys {
  readonly prompt?: string | undefined;
  readonly answer?: string | undefined;
  /** Appended to the prompt on a new line. */
  readonly context?: string | undefined;
  readonly system?: string | undefined;
  /** Alpaca's earlier turns. */
  readonly history?: string | undefined;
}

/** Alpaca's `history`: [[question, answer], ...] become earlier turns. */
function historyMessages(given: unknown): Converted<CanonicalMessage[]> {
  const value = structured(given);
  if (value === undefined || value === null || value === '') return accept([]);
  if (!Array.isArray(value)) return refuse('UNKNOWN_SHAPE', say('dataset.row-history'));
  const messages: CanonicalMessage[] = [];
  for (const turn of value as unknown[]) {
    const [user, assistant] = Array.isArray(turn) ? (turn as unknown[]) : [];
    if (typeof user !== 'string' || typeof assistant !== 'string')
      return refuse('UNKNOWN_SHAPE', say('dataset.row-history'));
    messages.push({ role: 'user', content: user }, { role: 'assistant', content: assistant });
  }
  return accept(messages);
}

function at(record: JsonObject, key: string | undefined): unknown {
  return key === undefined ? undefined : own(record, key);
}

/** A question and its answer out of columns: user = prompt, a new line, context. Either side may be a list of messages already. */
export function convertPair(record: JsonObject, keys: PairKeys): Converted<CanonicalMessage[]> {
  const system = factText(at(record, keys.system), 1_000_000);
  const first: CanonicalMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  const history = historyMessages(at(record, keys.history));
  if (!history.ok) return history;
  const prompt = convertSide(at(record, keys.prompt), 'user');
  if (!prompt.ok) return prompt;
  const context = cellText(at(record, keys.context));
  const question = prompt.value.map((message, index) =>
    index === prompt.value.length - 1 && context.trim() !== ''
      ? { ...message, content: `${message.content}\n${context}` }
      : message,
  );
  const before = [...first, ...history.value, ...question];
  if (keys.answer === undefined) return accept(before);
  const answer = convertSide(at(record, keys.answer), 'assistant');
  return answer.ok ? accept([...before, ...answer.value]) : answer;
}
