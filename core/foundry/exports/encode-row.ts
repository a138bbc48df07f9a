import type { DataFormat } from '#contract/data-exports.ts';
import type { CanonicalMessage, CanonicalRow, RowKind } from '#contract/rows.ts';
import { openAiMessages, shareGptMessages } from './written-messages.ts';

/** One line of a file. */
export type ExportRecord = Readonly<Record<string, unknown>>;

type RowOf<Kind extends RowKind> = Extract<CanonicalRow, { kind: Kind }>;
type Encoders = { readonly [Kind in RowKind]?: (row: RowOf<Kind>) => ExportRecord };

function given(key: string, value: unknown): ExportRecord {
  return value === undefined ? {} : { [key]: value };
}

/** Columns beside the content that every import reads back. */
function facts(row: CanonicalRow): ExportRecord {
  const { category, lang, group, source, training_eligible: eligible } = row;
  return {
    group,
    ...given('category', category),
    ...given('lang', lang),
    ...given('licence', source.licence),
    ...given('teacher', source.teacher),
    ...(eligible === true ? {} : { training_eligible: eligible }),
  };
}

function chat({ messages, tools }: RowOf<'sft'>): ExportRecord {
  return { messages: openAiMessages(messages), ...given('tools', tools) };
}

function shareGpt({ messages, tools }: RowOf<'sft'>): ExportRecord {
  return {
    conversations: shareGptMessages(messages),
    ...given('tools', tools === undefined ? undefined : JSON.stringify(tools)),
  };
}

function text({ text: value }: RowOf<'text'>): ExportRecord {
  return { text: value };
}

function alpaca({ messages }: RowOf<'sft'>): ExportRecord {
  const system = messages[0]?.role === 'system' ? messages[0].content : undefined;
  const turns = messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
  const history: string[][] = [];
  for (let index = 0; index < turns.length - 2; index += 2) history.push(turns.slice(index, index + 2));
  return {
    instruction: turns.at(-2) ?? '',
    input: '',
    output: turns.at(-1) ?? '',
    ...given('system', system),
    ...(history.length === 0 ? {} : { history }),
  };
}

const lists = {
  preference: ({ prompt, chosen, rejected }: RowOf<'preference'>): ExportRecord => ({
    prompt: openAiMessages(prompt),
    chosen: openAiMessages(chosen),
    rejected: openAiMessages(rejected),
  }),
  unpaired: ({ prompt, completion, label }: RowOf<'unpaired'>): ExportRecord => ({
    prompt: openAiMessages(prompt),
    completion: openAiMessages(completion),
    label,
  }),
  prompt: ({ messages, tools }: RowOf<'prompt'>): ExportRecord => ({
    prompt: openAiMessages(messages),
    ...given('tools', tools),
  }),
};

/** Columns of every kind, with the facts beside them: for TRL, Parquet and CSV. */
const columns: Encoders = {
  sft: (row) => ({ ...chat(row), ...facts(row) }),
  preference: (row) => ({ ...lists.preference(row), ...facts(row) }),
  unpaired: (row) => ({ ...lists.unpaired(row), ...facts(row) }),
  prompt: (row) => ({ ...lists.prompt(row), ...facts(row) }),
  text: (row) => ({ ...text(row), ...facts(row) }),
};

function only(messages: readonly CanonicalMessage[], write: (list: readonly CanonicalMessage[]) => ExportRecord[]) {
  return write(messages)[0];
}

const encoders: Readonly<Record<DataFormat, Encoders>> = {
  mlx: { sft: chat },
  trl: columns,
  'llama-factory': {
    sft: shareGpt,
    preference: ({ prompt, chosen, rejected }) => ({
      conversations: shareGptMessages(prompt),
      chosen: only(chosen, shareGptMessages),
      rejected: only(rejected, shareGptMessages),
    }),
    unpaired: ({ prompt, completion, label }) => ({
      conversations: shareGptMessages([...prompt, ...completion]),
      kto_tag: label,
    }),
    text,
  },
  axolotl: {
    sft: chat,
    preference: ({ prompt, chosen, rejected }) => ({
      messages: openAiMessages(prompt),
      chosen: only(chosen, openAiMessages),
      rejected: only(rejected, openAiMessages),
    }),
    text,
  },
  openai: {
    sft: chat,
    preference: ({ prompt, chosen, rejected }) => ({
      input: { messages: openAiMessages(prompt) },
      preferred_output: openAiMessages(chosen),
      non_preferred_output: openAiMessages(rejected),
    }),
  },
  alpaca: { sft: alpaca },
  sharegpt: { sft: shareGpt },
  parquet: columns,
  csv: columns,
};

/** The record of a row in a format that can carry it (`canCarry`). Throws RangeError for another row. */
export function encodeRow(format: DataFormat, row: CanonicalRow): ExportRecord {
  const encode = encoders[format][row.kind] as ((row: CanonicalRow) => ExportRecord) | undefined;
  if (encode === undefined) throw new RangeError(`${format} has no place for rows of kind ${row.kind}`);
  return encode(row);
}
