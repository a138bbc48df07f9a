import { servingPolicy } from '#core/serving/serving-policy.ts';
import { startOpenAiServer } from '#engine/http/openai-server.ts';
import { createServedModels } from '#engine/http/openai-served-models.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';

/** The real OpenAI-compatible server with the real base model behind it, on a free port. */
export async function serveBaseModel({ requiredKey }: { readonly requiredKey?: string } = {}) {
  const path = await baseGguf();
  const models = createServedModels({
    startServer: () => createModelServer({ physicalCores: 2, policy: servingPolicy, idleUnloadMs: null }),
  });
  const createdAtMs = Date.UTC(2025, 0, 1);
  const contextTokens = 1024;
  await models.add(['smol:v1', 'smol:latest'].map((name) => ({ name, path, createdAtMs, contextTokens })));
  const server = await startOpenAiServer({
    models,
    port: 0,
    ...(requiredKey !== undefined && { requiredKey: () => Promise.resolve(requiredKey) }),
  });
  return {
    baseUrl: server.baseUrl,
    running: () => models.status().reduce((sum, { running }) => sum + running, 0),
    async close() {
      await server.close();
      await models.dispose();
    },
  };
}
