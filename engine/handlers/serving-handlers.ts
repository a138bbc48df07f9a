import type { ServedModels } from '../http/openai-served-models.ts';
import { createRequestMemory } from '../serving/request-memory.ts';
import type { ServingService } from '../serving/serving-service.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `serving.*`. */
export function servingHandlers(serving: ServingService, served: Pick<ServedModels, 'chat'>): Handlers<'serving'> {
  const { serving: procedures } = forgeImplementer;
  // Only for what is not the same when it is done twice.
  const once = createRequestMemory<unknown>();
  return {
    serving: {
      status: procedures.status.handler(() => serving.status()),
      watch: procedures.watch.handler(({ signal }) => serving.watch(signal)),
      start: procedures.start.handler(({ input: { host, port } }) => serving.start({ host, port })),
      stop: procedures.stop.handler(() => serving.stop()),
      restart: procedures.restart.handler(async ({ input }) => {
        await once(input.requestId, () => serving.restart());
        return serving.status();
      }),
      load: procedures.load.handler(({ input, signal }) => serving.load(input.model, signal)),
      unload: procedures.unload.handler(({ input, signal }) => serving.unload(input.model, signal)),
      choose: procedures.choose.handler(({ input }) => serving.choose(input.name, input.version)),
      requests: procedures.requests.handler(({ input }) => serving.requests(input.limit)),
      key: procedures.key.handler(() => serving.key()),
      setKey: procedures.setKey.handler(async ({ input: { requestId, required, renew } }) => {
        await once(requestId, () => serving.setKey({ required, renew }));
        return serving.status();
      }),
      chat: procedures.chat.handler(async function* ({ input, signal }) {
        const { model, messages, temperature, maximumTokens } = input;
        for await (const event of served.chat(
          model,
          { messages, temperature, maximumTokens },
          signal ?? neverAborted(),
        )) {
          if (event.kind === 'delta') yield event;
          else {
            const { kind, finishReason, usage, firstTokenMs, totalMs } = event;
            yield { kind, finishReason, usage, firstTokenMs, totalMs };
          }
        }
      }),
    },
  };
}
