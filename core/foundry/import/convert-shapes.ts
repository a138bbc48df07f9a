import type { CanonicalMessage } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { isObject, type JsonObject } from '../../datasets/convert-record.ts';
import { accept, type Converted, refuse } from '../../datasets/message-rules.ts';
import { convertMessageList, convertSide, toolsOf } from './convert-messages.ts';
import { convertPair } from './convert-pair.ts';
import { convertMarked, convertPreference, convertUnpaired } from './convert-choices.ts';
import { hasChatMlMarkers, parseChatMl } from './parse-chatml.ts';
import { leafPaths } from './leaf-paths.ts';
import { namedPlaces } from './named-places.ts';
import { cellText, factText, has, labelOf, own, structured } from './record-values.ts';
import type { RowDraft, RowFormat, ToolDefinition } from './row-content.ts';

/** One line of table 1.2: how it is recognised, and what it becomes. */
interface Shape {
  fits(record: JsonObject): boolean;
  convert(record: JsonObject): Converted<RowDraft>;
}

function sft(
  format: RowFormat,
  messages: Converted<CanonicalMessage[]>,
  tools?: readonly ToolDefinition[],
): Converted<RowDraft> {
  if (!messages.ok) return messages;
  const content = { kind: 'sft', messages: messages.value, ...(tools === undefined ? {} : { tools }) } as const;
  return accept({ format, content });
}

function listAt(record: JsonObject, key: string): readonly unknown[] | undefined {
  const value = structured(own(record, key));
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** ShareGPT keeps the instruction beside the conversation. */
function withSystem(record: JsonObject, messages: Converted<CanonicalMessage[]>): Converted<CanonicalMessage[]> {
  const system = factText(own(record, 'system'), 1_000_000);
  if (!messages.ok || system === undefined || messages.value[0]?.role === 'system') return messages;
  return accept([{ role: 'system', content: system }, ...messages.value]);
}

const openAiPreference: Shape = {
  fits: (record) => has(record, 'input', 'preferred_output', 'non_preferred_output'),
  convert(record) {
    const input = structured(own(record, 'input'));
    const messages = isObject(input) ? own(input, 'messages') : input;
    const sides = {
      prompt: messages,
      chosen: own(record, 'preferred_output'),
      rejected: own(record, 'non_preferred_output'),
    };
    return convertPreference('openai-preference', sides);
  },
};

/** TRL, LLaMA-Factory: with `prompt`, with `instruction` and `input`, with `conversations`, or with whole conversations on both sides. */
const preference: Shape = {
  fits: (record) => has(record, 'chosen') || has(record, 'rejected'),
  convert(record) {
    if (!has(record, 'chosen', 'rejected')) return refuse('UNKNOWN_SHAPE', say('dataset.row-no-rejected'));
    const prompt = promptBeside(record);
    if (!prompt.ok) return prompt;
    const sides = { prompt: prompt.value, chosen: own(record, 'chosen'), rejected: own(record, 'rejected') };
    return convertPreference('preference', sides);
  },
};

/** What stands before the two answers; undefined where they bring it themselves. */
function promptBeside(record: JsonObject): Converted<CanonicalMessage[] | undefined> {
  for (const key of ['prompt', 'conversations', 'messages', 'question', 'query'])
    if (has(record, key)) return withSystem(record, convertSide(own(record, key), 'user'));
  if (!has(record, 'instruction')) return accept(undefined);
  return convertPair(record, { prompt: 'instruction', context: 'input', system: 'system', history: 'history' });
}

/** LLaMA-Factory marks whole conversations; the last answer is the one that is good or bad. */
const ktoTag: Shape = {
  fits: (record) => has(record, 'kto_tag'),
  convert(record) {
    const whole = listAt(record, 'messages') ?? listAt(record, 'conversations');
    const messages =
      whole === undefined
        ? convertPair(record, {
            prompt: 'instruction',
            answer: 'output',
            context: 'input',
            system: 'system',
            history: 'history',
          })
        : withSystem(record, convertMessageList(whole));
    return convertMarked(messages, own(record, 'kto_tag'));
  },
};

const labelledCompletion: Shape = {
  fits: (record) => has(record, 'prompt', 'completion', 'label') && labelOf(own(record, 'label')) !== undefined,
  convert(record) {
    const prompt = convertSide(own(record, 'prompt'), 'user');
    if (!prompt.ok) return prompt;
    const completion = convertSide(own(record, 'completion'), 'assistant');
    return convertUnpaired(prompt, completion, own(record, 'label'));
  },
};

const messages: Shape = {
  fits: (record) => listAt(record, 'messages') !== undefined,
  convert: (record) =>
    sft(
      'messages',
      convertMessageList(listAt(record, 'messages') ?? []),
      toolsOf(own(record, 'tools') ?? own(record, 'functions')),
    ),
};

const shareGpt: Shape = {
  fits: (record) => listAt(record, 'conversations') !== undefined,
  convert: (record) =>
    sft(
      'sharegpt',
      withSystem(record, convertMessageList(listAt(record, 'conversations') ?? [])),
      toolsOf(own(record, 'tools')),
    ),
};

/** The teacher's answer is gold only where its terms allow training; a difference that a person merged needs no such leave. */
const engie: Shape = {
  fits: (record) => has(record, 'prompt') && (has(record, 'claude_response') || has(record, 'ground_truth_diff')),
  convert(record) {
    const truth = cellText(own(record, 'ground_truth_diff'));
    const isTaught = truth.trim() === '';
    const answer = isTaught ? own(record, 'claude_response') : truth;
    const draft = sft(
      'engie',
      convertPair({ prompt: own(record, 'prompt'), answer }, { prompt: 'prompt', answer: 'answer' }),
    );
    return draft.ok && isTaught ? accept({ ...draft.value, teacher: 'anthropic/claude' }) : draft;
  },
};

const alpaca: Shape = {
  fits: (record) => has(record, 'instruction', 'output'),
  convert: (record) =>
    sft(
      'alpaca',
      convertPair(record, {
        prompt: 'instruction',
        answer: 'output',
        context: 'input',
        system: 'system',
        history: 'history',
      }),
    ),
};

const completion: Shape = {
  fits: (record) => has(record, 'prompt', 'completion'),
  convert: (record) =>
    sft('completion', convertPair(record, { prompt: 'prompt', answer: 'completion', system: 'system' })),
};

/** Raw ChatML in whatever column holds the text. */
function chatMlText(record: JsonObject): string | undefined {
  const value = own(record, 'text') ?? (Object.keys(record).length === 1 ? Object.values(record)[0] : undefined);
  return typeof value === 'string' && hasChatMlMarkers(value) ? value : undefined;
}

const chatMl: Shape = {
  fits: (record) => chatMlText(record) !== undefined,
  convert: (record) => sft('chatml', parseChatMl(chatMlText(record) ?? '')),
};

let [knownKeys, knownMapping]: [string, ReturnType<typeof namedPlaces>] = ['', undefined];

/** Records of one file have the same keys as a rule, so the last answer is remembered. */
function mappingOf(record: JsonObject): ReturnType<typeof namedPlaces> {
  const keys = Object.keys(record);
  const all = keys.join('\n');
  if (all !== knownKeys) [knownKeys, knownMapping] = [all, namedPlaces(keys)];
  return knownMapping;
}

const namedColumns: Shape = {
  fits: (record) => mappingOf(record) !== undefined,
  convert(record) {
    const mapping = mappingOf(record);
    const asked = own(record, mapping?.prompt ?? '');
    // What is asked is a text inside it; which one, a person has to say.
    if (isObject(asked))
      return refuse('UNKNOWN_SHAPE', say('dataset.row-shape', { keys: leafPaths(record).slice(0, 12).join(', ') }));
    return sft('columns', convertPair(record, mapping ?? {}));
  },
};

const promptOnly: Shape = {
  fits: (record) => has(record, 'prompt'),
  convert(record) {
    const prompt = convertSide(own(record, 'prompt'), 'user');
    if (!prompt.ok) return prompt;
    const tools = toolsOf(own(record, 'tools'));
    return accept({
      format: 'prompt',
      content: { kind: 'prompt', messages: prompt.value, ...(tools === undefined ? {} : { tools }) },
    });
  },
};

const textNames = ['text', 'content', 'document', 'body'];

const plainText: Shape = {
  fits: (record) => textNames.some((name) => typeof own(record, name) === 'string'),
  convert(record) {
    const name = textNames.find((candidate) => typeof own(record, candidate) === 'string') ?? 'text';
    return accept({ format: 'text', content: { kind: 'text', text: cellText(own(record, name)) } });
  },
};

/** In this order: what is more particular comes first, so that a rejected answer is never learned as a good one. */
const shapes: readonly Shape[] = [
  openAiPreference,
  preference,
  ktoTag,
  labelledCompletion,
  messages,
  shareGpt,
  engie,
  alpaca,
  completion,
  chatMl,
  namedColumns,
  promptOnly,
  plainText,
];

/** Converts a record by its own shape (table 1.2). Roles, empty fields and equal answers are checked later. */
export function convertByShape(record: JsonObject): Converted<RowDraft> {
  const shape = shapes.find(({ fits }) => fits(record));
  if (shape !== undefined) return shape.convert(record);
  const keys = Object.keys(record).slice(0, 12).join(', ').slice(0, 200);
  return refuse('UNKNOWN_SHAPE', say('dataset.row-shape', { keys }));
}
