import type { ExportProgress, ModelCheck, ModelExport } from '#contract/exports.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import type { ExportService } from '../exports/export-service.ts';
import type { OllamaOutcome } from '../main-job/services.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { progressEvents } from '../progress-events.ts';
import { forgeImplementer } from '../transports/forge-router.ts';

export interface DeploymentActions {
  status(): Promise<OllamaStatus>;
  deploy(reference: string): Promise<OllamaOutcome>;
  withdraw(reference: string): Promise<string[]>;
}

/** `models.*` and `deployments.*`. */
export function modelHandlers(
  registry: ModelRegistry,
  { exports, deployments }: { exports: ExportService; deployments: DeploymentActions },
) {
  const { models, deployments: procedures } = forgeImplementer;
  return {
    models: {
      list: models.list.handler(() => registry.list()),
      get: models.get.handler(async ({ input }) => (await registry.find(input.model)).view),
      export: models.export.handler(async function* ({ input, signal }) {
        const events = progressEvents<ExportProgress, ModelExport>(signal, (call) => exports.export(input, call));
        for await (const event of events)
          yield 'outcome' in event
            ? { kind: 'done' as const, export: event.outcome }
            : { kind: 'progress' as const, ...event.progress };
      }),
      check: models.check.handler(async function* ({ input, signal }) {
        const events = progressEvents<ExportProgress, ModelCheck>(signal, (call) => exports.check(input, call));
        for await (const event of events)
          yield 'outcome' in event
            ? { kind: 'done' as const, check: event.outcome }
            : { kind: 'progress' as const, ...event.progress };
      }),
      remove: models.remove.handler(({ input }) => registry.remove(input.model)),
    },
    deployments: {
      ollama: procedures.ollama.handler(() => deployments.status()),
      toOllama: procedures.toOllama.handler(async ({ input }) => {
        const { used, version, reason, names } = await deployments.deploy(input.model);
        return { used, version, reason, names: [...names] };
      }),
      fromOllama: procedures.fromOllama.handler(async ({ input }) => ({
        removed: await deployments.withdraw(input.model),
      })),
    },
  };
}
