import type { ServedModels } from '../http/openai-served-models.ts';
import type { ServingService } from '../serving/serving-service.ts';
import { forgeImplementer } from '../transports/forge-router.ts';
import { neverAborted } from './never-aborted.ts';

/** `serving.*`; `defaults` is the configured address. */
export function servingHandlers(
  serving: ServingService,
  served: ServedModels,
  defaults: { host: string; port: number },
) {
  const { serving: procedures } = forgeImplementer;
  return {
    serving: {
      status: procedures.status.handler(() => serving.status()),
      start: procedures.start.handler(({ input }) =>
        serving.start({ host: input.host ?? defaults.host, port: input.port ?? defaults.port }),
      ),
      stop: procedures.stop.handler(() => serving.stop()),
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
