import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';

/** One text of a row. `place` names it as a path, e.g. `messages.1.content`, `chosen.0.content`, `messages.2.tool_calls.0.arguments`, `text`. */
export interface RowText {
  readonly place: string;
  /** Role of the message it belongs to; `text` for a row of kind `text`. */
  readonly role: string;
  readonly text: string;
}

type MessageField = 'messages' | 'prompt' | 'chosen' | 'rejected' | 'completion';
type MessageList = readonly [field: MessageField, messages: readonly CanonicalMessage[]];

/** The message lists of a row in the order a person reads them. */
function messageLists(row: CanonicalRow): readonly MessageList[] {
  switch (row.kind) {
    case 'sft':
    case 'prompt':
      return [['messages', row.messages]];
    case 'preference':
      return [
        ['prompt', row.prompt],
        ['chosen', row.chosen],
        ['rejected', row.rejected],
      ];
    case 'unpaired':
      return [
        ['prompt', row.prompt],
        ['completion', row.completion],
      ];
    case 'text':
      return [];
  }
}

/** Every text of a row that holds something, in reading order: contents of messages, arguments of tool calls (JSON text), the text of a `text` row. */
export function textsOf(row: CanonicalRow): readonly RowText[] {
  if (row.kind === 'text') return [{ place: 'text', role: 'text', text: row.text }];
  const texts: RowText[] = [];
  for (const [field, messages] of messageLists(row)) {
    messages.forEach(({ role, content, tool_calls: calls }, index) => {
      if (content !== '') texts.push({ place: `${field}.${index}.content`, role, text: content });
      calls?.forEach(({ arguments: text }, call) => {
        if (text !== '') texts.push({ place: `${field}.${index}.tool_calls.${call}.arguments`, role, text });
      });
    });
  }
  return texts;
}

function changedMessages(
  [field, messages]: MessageList,
  change: (place: string, text: string) => string,
): CanonicalMessage[] {
  return messages.map((message, index) => {
    const content = change(`${field}.${index}.content`, message.content);
    const calls = message.tool_calls?.map((call, place) => ({
      ...call,
      arguments: change(`${field}.${index}.tool_calls.${place}.arguments`, call.arguments),
    }));
    return { ...message, content, ...(calls === undefined ? {} : { tool_calls: calls }) };
  });
}

/** The row with each of its texts replaced by what `change` makes of it. Id, group, flags and everything else stay. */
export function changeTexts(row: CanonicalRow, change: (place: string, text: string) => string): CanonicalRow {
  const changed = (field: MessageField, messages: readonly CanonicalMessage[]): CanonicalMessage[] =>
    changedMessages([field, messages], change);
  switch (row.kind) {
    case 'sft':
    case 'prompt':
      return { ...row, messages: changed('messages', row.messages) };
    case 'preference':
      return {
        ...row,
        prompt: changed('prompt', row.prompt),
        chosen: changed('chosen', row.chosen),
        rejected: changed('rejected', row.rejected),
      };
    case 'unpaired':
      return { ...row, prompt: changed('prompt', row.prompt), completion: changed('completion', row.completion) };
    case 'text':
      return { ...row, text: change('text', row.text) };
  }
}

function joined(messages: readonly CanonicalMessage[]): string {
  return messages
    .filter(({ role, content }) => role !== 'system' && content !== '')
    .map(({ content }) => content)
    .join('\n');
}

function answerIndex(messages: readonly CanonicalMessage[]): number {
  return messages.findLastIndex(({ role }) => role === 'assistant');
}

/**
 * What the model is shown, as one text, without the system message (which many rows share): all before the last assistant message of an `sft` row,
 * the prompt of the other kinds. Empty for a `text` row, which has no prompt.
 */
export function promptTextOf(row: CanonicalRow): string {
  switch (row.kind) {
    case 'sft':
      return joined(row.messages.slice(0, Math.max(0, answerIndex(row.messages))));
    case 'prompt':
      return joined(row.messages);
    case 'preference':
    case 'unpaired':
      return joined(row.prompt);
    case 'text':
      return '';
  }
}

/** What is learned, as one text: the last assistant message, the chosen or only completion, the whole of a `text` row. Empty for a `prompt` row. */
export function answerTextOf(row: CanonicalRow): string {
  switch (row.kind) {
    case 'sft':
      return row.messages[answerIndex(row.messages)]?.content ?? '';
    case 'prompt':
      return '';
    case 'preference':
      return joined(row.chosen);
    case 'unpaired':
      return joined(row.completion);
    case 'text':
      return row.text;
  }
}
