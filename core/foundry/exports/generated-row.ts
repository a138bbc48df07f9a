import { canonicalRow, type CanonicalMessage, type CanonicalRow, type RowKind } from '#contract/rows.ts';
import { mulberry32 } from '../../random/mulberry32.ts';

type Random = () => number;

const pieces = [
  'plain words',
  'a "quoted" part',
  'comma, semicolon; tab\t',
  'first\nsecond',
  'crlf\r\nend',
  'é 東京 🙂',
  '{"a": [1]}',
];
const endings = ['.', '?', ' ', '\n', '"', ',', ' }'];

function pick<T>(random: Random, values: readonly [T, ...T[]] | readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

function textOf(random: Random, number: number): string {
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, pieces));
  return `${number} ${parts.join(' ')}${pick(random, endings)}`;
}

interface Wish {
  readonly random: Random;
  readonly number: number;
  readonly chance: (share: number) => boolean;
}

function conversation({ random, number, chance }: Wish, isOpen: boolean): CanonicalMessage[] {
  const say = (role: CanonicalMessage['role']): CanonicalMessage => ({ role, content: textOf(random, number) });
  const messages: CanonicalMessage[] = chance(0.4) ? [say('system')] : [];
  for (let turn = Math.floor(random() * 3); turn >= 0; turn -= 1) {
    messages.push(say('user'));
    if (chance(0.2)) {
      const id = chance(0.5) ? `call-${number}` : undefined;
      const call = { ...(id === undefined ? {} : { id }), name: 'look_up', arguments: JSON.stringify({ number }) };
      const calls = chance(0.2) ? [call, { name: 'again', arguments: '{}' }] : [call];
      messages.push({ role: 'assistant', content: chance(0.3) ? 'I look it up.' : '', tool_calls: calls });
      messages.push({ ...say('tool'), ...(id === undefined ? {} : { tool_call_id: id }) });
    }
    messages.push({ ...say('assistant'), ...(chance(0.1) ? { weight: 1 as const } : {}) });
  }
  return isOpen ? messages.slice(0, -1) : messages;
}

function contentOf(wish: Wish, kind: RowKind): Record<string, unknown> {
  const { random, number, chance } = wish;
  const answer = (): CanonicalMessage[] => [{ role: 'assistant', content: textOf(random, number) }];
  const tools = chance(0.15) ? { tools: [{ type: 'function', function: { name: 'look_up' } }] } : {};
  switch (kind) {
    case 'sft':
      return { messages: conversation(wish, false), ...tools };
    case 'prompt':
      return { messages: conversation(wish, true), ...tools };
    case 'preference':
      return {
        prompt: conversation(wish, true),
        chosen: answer(),
        rejected: [{ role: 'assistant', content: `no ${number}` }],
      };
    case 'unpaired':
      return { prompt: conversation(wish, true), completion: answer(), label: chance(0.5) };
    case 'text':
      return { text: textOf(random, number) };
  }
}

/** A row of chance for tests: every kind, tools, weights, odd characters; the same for the same seed and number. */
export function generatedRow(seed: number, number: number, kind: RowKind): CanonicalRow {
  const random = mulberry32(seed * 1_000_003 + number * 7 + 1);
  for (let step = 0; step < 8; step += 1) random();
  const chance = (share: number): boolean => random() < share;
  return canonicalRow.parse({
    ...{ id: `row-${number}`, group: `group-${number % 17}`, kind },
    source: { type: 'file', uri: 'rows.jsonl', ...(chance(0.3) ? { licence: 'MIT' } : {}) },
    ...(chance(0.5) ? { category: pick(random, ['a', 'b, c', 'd "e"']), lang: 'en' } : {}),
    training_eligible: chance(0.05) ? 'review' : true,
    ...contentOf({ random, number, chance }, kind),
  });
}
