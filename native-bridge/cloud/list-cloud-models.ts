import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { ProviderFormat } from '#contract/providers.ts';
import { jsonOrNull } from '#contract/json-text.ts';
import type { CloudConnection } from '#core/ports/cloud.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import { messageIn, networkError, readRetryAfter, refusalError } from './cloud-failure.ts';

const modelName = z.string().min(1).max(200);
/** OpenAI, Anthropic, OpenRouter and their likes name models `data[].id`, Google `models[].name`. */
const modelList = z.union([
  z.looseObject({ data: z.array(z.looseObject({ id: modelName })) }),
  z.looseObject({ models: z.array(z.looseObject({ name: modelName })) }),
]);
const maximumBytes = 8_000_000;
const maximumModels = 2_000;
/** A list is short: who needs longer for it is too slow to compare with. */
const timeoutMs = 15_000;
/** The version of Anthropic's interface that its package speaks too. */
const anthropicVersion = '2023-06-01';

/** Asks a provider which models it has. @throws ForgeError `provider.*`, `network.offline` */
export async function listCloudModels(
  outbound: Outbound,
  connection: CloudConnection,
  signal?: AbortSignal,
): Promise<string[]> {
  // Anyone may see OpenRouter's list, so it says nothing about the key.
  if (connection.format === 'openrouter') await ask(outbound, connection, { path: '/key', signal });
  const text = await ask(outbound, connection, { path: '/models', signal });
  const parsed = modelList.safeParse(jsonOrNull(text));
  if (!parsed.success)
    throw new ForgeError('provider.refused', { provider: connection.name, reason: 'its answer is no list of models' });
  const names =
    'data' in parsed.data
      ? (parsed.data.data as { id: string }[]).map(({ id }) => id)
      : (parsed.data.models as { name: string }[]).map(({ name }) => name.replace(/^models\//, ''));
  return names.slice(0, maximumModels).toSorted((a, b) => a.localeCompare(b));
}

async function ask(
  outbound: Outbound,
  connection: CloudConnection,
  { path, signal }: { path: string; signal: AbortSignal | undefined },
): Promise<string> {
  const { name, address } = connection;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await outbound.request({
      url: `${address}${path}`,
      purpose: `testing ${name}`,
      headers: keyHeaders(connection),
      followsRedirects: false,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    const text = await response.text(maximumBytes);
    if (response.status >= 200 && response.status < 300) return text;
    const retryAfterSeconds = readRetryAfter(response.header('retry-after'), Date.now());
    const refusal = { status: response.status, text: messageIn(text), retryAfterSeconds };
    throw refusalError(refusal, { ...connection, model: 'this list' });
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted)
      throw new ForgeError('provider.too-slow', { provider: name, seconds: timeoutMs / 1000 }, { cause: error });
    throw networkError(error, name, false) ?? error;
  }
}

function keyHeaders({ format, key }: CloudConnection): Record<string, string> {
  if (key === null) return {};
  const byFormat: Partial<Record<ProviderFormat, Record<string, string>>> = {
    anthropic: { 'x-api-key': key, 'anthropic-version': anthropicVersion },
    google: { 'x-goog-api-key': key },
  };
  return byFormat[format] ?? { authorization: `Bearer ${key}` };
}
