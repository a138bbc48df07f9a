import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';

const completion = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string() }) })).min(1),
});
const timeoutMs = 120_000;

/** One greedy question through the OpenAI wire format on loopback: the same way any client would ask. */
export async function askOpenAiServer(
  url: string,
  request: { model: string; messages: readonly { role: string; content: string }[]; maximumTokens: number },
  key: string | null = null,
): Promise<string> {
  const { model, messages, maximumTokens } = request;
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model, messages, max_tokens: maximumTokens, temperature: 0 }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (!response.ok)
    throw new ForgeError('engine.start-failed', {
      reason: `the server answered ${response.status}: ${text.slice(0, 300)}`,
      log: url,
    });
  return completion.parse(JSON.parse(text)).choices[0]?.message.content ?? '';
}
