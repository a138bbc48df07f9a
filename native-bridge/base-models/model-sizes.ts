import { z } from 'zod';

/**
 * What the sizes of a language model may be: several times the largest published (Llama 3.1 405B has 126 layers and a
 * width of 16,384; Gemma 3 knows 262,208 tokens). The same bounds stand in `forge_worker/export/config_limits.py`.
 */
export const sizeLimits = {
  layers: 1024,
  hiddenSize: 131_072,
  feedForwardSize: 1_048_576,
  heads: 4096,
  headSize: 4096,
  vocabularySize: 4_194_304,
  contextLength: 67_108_864,
} as const;

const upTo = (limit: number) => z.number().int().min(1).max(limit);

/** The part of config.json that sizes are read from; other keys may stand beside them. */
export const modelConfig = z
  .object({
    model_type: z.string().max(100),
    num_hidden_layers: upTo(sizeLimits.layers),
    hidden_size: upTo(sizeLimits.hiddenSize),
    vocab_size: upTo(sizeLimits.vocabularySize),
    intermediate_size: upTo(sizeLimits.feedForwardSize).nullish(),
    num_attention_heads: upTo(sizeLimits.heads).nullish(),
    num_key_value_heads: upTo(sizeLimits.heads).nullish(),
    head_dim: upTo(sizeLimits.headSize).nullish(),
    max_position_embeddings: upTo(sizeLimits.contextLength)
      .nullish()
      .transform((length) => length ?? 2048),
  })
  .refine(({ num_attention_heads: heads, num_key_value_heads: keys }) => !heads || !keys || heads % keys === 0, {
    path: ['num_key_value_heads'],
    error: 'does not divide the number of heads',
  });
export type ModelConfig = z.infer<typeof modelConfig>;

/** The sizes in the header of a GGUF file, under the architecture's own name; absent ones are not judged here. */
const ggufSizes: readonly (readonly [key: string, limit: number])[] = [
  ['block_count', sizeLimits.layers],
  ['embedding_length', sizeLimits.hiddenSize],
  ['feed_forward_length', sizeLimits.feedForwardSize],
  ['attention.head_count', sizeLimits.heads],
  ['attention.head_count_kv', sizeLimits.heads],
  ['attention.key_length', sizeLimits.headSize],
  ['vocab_size', sizeLimits.vocabularySize],
  ['context_length', sizeLimits.contextLength],
];

/** The first size of a GGUF header that no model has, as `llama.block_count is 1000000 (1 to 1024)`; null: all can be. */
export function oddGgufSize(entries: ReadonlyMap<string, unknown>, family: string): string | null {
  for (const [key, limit] of ggufSizes) {
    const value = entries.get(`${family}.${key}`);
    // Some families list a number for each layer; the worker reads those.
    if (typeof value !== 'number' && typeof value !== 'bigint') continue;
    if (!Number.isInteger(Number(value)) || value < 1 || value > limit)
      return `${family}.${key} is ${value} (1 to ${limit})`;
  }
  return null;
}

/** Which key of config.json is wrong and what it holds, from a refused parse. */
export function oddConfigValue(config: unknown, error: z.ZodError): string {
  const key = String(error.issues[0]?.path[0] ?? '');
  const value = (config as Record<string, unknown> | null)?.[key];
  if (value === undefined) return key === '' ? 'it is not a JSON object' : `${key} is missing`;
  return `${key} is ${JSON.stringify(value).slice(0, 40)}`;
}
