import type { CanonicalMessage } from '#contract/rows.ts';
import { cleanText } from '../../datasets/message-rules.ts';
import type { RowContent } from './row-content.ts';

/** Takes out of every text what no tokenizer should see (NUL, half a surrogate pair, D-4); `flags` is told what was done. */
export function cleanContent(content: RowContent, flags: Set<string>): RowContent {
  const clean = (text: string): string => {
    const cleaned = cleanText(text);
    for (const flag of cleaned.flags) flags.add(flag);
    return cleaned.text;
  };
  const messages = (list: readonly CanonicalMessage[]): CanonicalMessage[] =>
    list.map((message) => {
      const { tool_calls: calls } = message;
      const cleaned = { ...message, content: clean(message.content) };
      if (calls === undefined) return cleaned;
      return { ...cleaned, tool_calls: calls.map((call) => ({ ...call, arguments: clean(call.arguments) })) };
    });
  switch (content.kind) {
    case 'sft':
    case 'prompt':
      return { ...content, messages: messages(content.messages) };
    case 'preference':
      return {
        ...content,
        prompt: messages(content.prompt),
        chosen: messages(content.chosen),
        rejected: messages(content.rejected),
      };
    case 'unpaired':
      return { ...content, prompt: messages(content.prompt), completion: messages(content.completion) };
    case 'text':
      return { ...content, text: clean(content.text) };
  }
}
