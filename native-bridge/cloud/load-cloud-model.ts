import type { LanguageModel } from 'ai';
import type { CloudConnection } from '#core/ports/cloud.ts';

/** A server that wants no key gets this word: without any, the packages would look for keys in the environment, which are not meant for it. */
const noKey = 'none';

/** OpenAI keeps answers of its newer interface for 30 days unless told not to. */
export const providerOptions = { openai: { store: false } };

/**
 * The model of a provider, through that provider's own package. Each is loaded when it is first needed, because together they are a
 * megabyte of code that most sessions never use.
 */
export async function loadCloudModel(
  { format, name, address: baseURL, key }: CloudConnection,
  model: string,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModel> {
  const apiKey = key ?? noKey;
  switch (format) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ baseURL, apiKey, fetch }).responses(model);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL, apiKey, fetch }).languageModel(model);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle({ baseURL, apiKey, fetch }).languageModel(model);
    }
    case 'openrouter': {
      const { createOpenRouter } = await import('@openrouter/ai-sdk-provider');
      return createOpenRouter({ baseURL, apiKey, fetch, compatibility: 'strict' }).chat(model);
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const given = key === null ? {} : { apiKey: key };
      return createOpenAICompatible({ baseURL, name, fetch, includeUsage: true, ...given }).chatModel(model);
    }
  }
}
