import type { CanonicalMessage } from '#contract/rows.ts';

type Written = Readonly<Record<string, unknown>>;

function call({ id, name, arguments: given }: NonNullable<CanonicalMessage['tool_calls']>[number]): Written {
  return { ...(id === undefined ? {} : { id }), type: 'function', function: { name, arguments: given } };
}

/** OpenAI's chat form: `role`, `content`, `tool_calls` with `function` inside, `weight`. */
export function openAiMessages(messages: readonly CanonicalMessage[]): Written[] {
  return messages.map(({ role, content, weight, tool_calls: calls, tool_call_id: answers }) => ({
    role,
    content,
    ...(weight === undefined ? {} : { weight }),
    ...(calls === undefined ? {} : { tool_calls: calls.map(call) }),
    ...(answers === undefined ? {} : { tool_call_id: answers }),
  }));
}

const speakers = { system: 'system', user: 'human', assistant: 'gpt', tool: 'observation' } as const;

function shareGptCall(calls: NonNullable<CanonicalMessage['tool_calls']>): string {
  const written = calls.map(({ name, arguments: given }) => ({ name, arguments: given }));
  return JSON.stringify(written.length === 1 ? written[0] : written);
}

/** ShareGPT: `from`, `value`; a call is a turn of `function_call` whose value is its JSON. */
export function shareGptMessages(messages: readonly CanonicalMessage[]): Written[] {
  return messages.map(({ role, content, tool_calls: calls }) =>
    calls === undefined
      ? { from: speakers[role], value: content }
      : { from: 'function_call', value: shareGptCall(calls) },
  );
}
