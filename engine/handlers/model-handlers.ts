import type { ExportProgress, ModelCheck, ModelExport } from '#contract/exports.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { OllamaStatus } from '#contract/serving.ts';
import type { DeploymentCall } from '../deployment/deployment-service.ts';
import type { ExportService } from '../exports/export-service.ts';
import type { OllamaOutcome, SetUpReport } from '../main-job/services.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { progressEvents } from '../progress-events.ts';
import { forgeImplementer, type Handlers } from '../transports/forge-router.ts';

export interface DeploymentActions {
  status(): Promise<OllamaStatus>;
  deploy(reference: string, call?: DeploymentCall): Promise<OllamaOutcome>;
  withdraw(reference: string): Promise<string[]>;
  /** Names in Ollama now. */
  names(): Promise<ReadonlySet<string>>;
}

/** `models.*` and `deployments.*`. */
export function modelHandlers(
  registry: ModelRegistry,
  { exports, deployments }: { exports: ExportService; deployments: DeploymentActions },
): Handlers<'models' | 'deployments'> {
  const { models, deployments: procedures } = forgeImplementer;
  // Asked of Ollama itself: what its main job once did may have been taken back, here or there.
  const truly = async (views: readonly ModelVersion[]): Promise<ModelVersion[]> => {
    const names = await deployments.names();
    return views.map((view) => ({ ...view, inOllama: names.has(`${view.name}:v${view.version}`) }));
  };
  return {
    models: {
      list: models.list.handler(async () => truly(await registry.list())),
      get: models.get.handler(async ({ input }) => {
        const { view } = await registry.find(input.model);
        return (await truly([view]))[0] ?? view;
      }),
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
      deploy: procedures.deploy.handler(async function* ({ input, signal }) {
        const events = progressEvents<Parameters<SetUpReport>[0], OllamaOutcome>(signal, (call) =>
          deployments.deploy(input.model, call),
        );
        for await (const event of events)
          yield 'outcome' in event
            ? { kind: 'done' as const, deployment: { ...event.outcome, names: [...event.outcome.names] } }
            : { kind: 'progress' as const, ...event.progress };
      }),
      fromOllama: procedures.fromOllama.handler(async ({ input }) => ({
        removed: await deployments.withdraw(input.model),
      })),
    },
  };
}
