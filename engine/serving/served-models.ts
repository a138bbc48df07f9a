import type { ChatEvent, ChatRequest, ServedModel } from '#contract/serving.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ModelServer } from '#core/ports/model-server.ts';

/** Models by the name a caller asks for; the file behind a name is loaded when it is first asked. */
export interface ServedModels {
  add(models: readonly ServedModel[]): Promise<void>;
  list(): Promise<ServedModel[]>;
  chat(name: string, request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
}

export function createServed(server: ModelServer, registry: { servable(): Promise<ServedModel[]> }): ServedModels {
  const added = new Map<string, ServedModel>();
  const list = async (): Promise<ServedModel[]> => {
    const known = new Map((await registry.servable()).map((model) => [model.name, model]));
    for (const [name, model] of added) known.set(name, model);
    return [...known.values()];
  };
  return {
    list,
    async add(models) {
      for (const model of models) added.set(model.name, model);
    },
    async *chat(name, request, signal) {
      const model = (await list()).find((one) => one.name === name);
      if (!model) throw new ForgeError('serving.unknown-model', { model: name });
      await server.load({ path: model.path, ...(model.contextTokens === undefined ? {} : { contextTokens: model.contextTokens }) }, signal);
      yield* server.chat(request, signal);
    },
  };
}
