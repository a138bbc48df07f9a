import type { ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetRow } from '#contract/datasets.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { DatasetService } from '../datasets/dataset-service.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import type { HomeLayout } from '../home-layout.ts';
import { createFoundryService } from './foundry-service.ts';
import { createPageHub } from './scripts/page-hub.ts';
import { createKeptScripts } from './scripts/kept-scripts.ts';
import { createScriptService } from './scripts/script-service.ts';
import { createFoundryViews } from './views/create-foundry-views.ts';

export interface FoundryParts {
  readonly layout: Pick<HomeLayout, 'store' | 'datasets' | 'models' | 'foundry' | 'scripts'>;
  readonly appDirectory: string;
  readonly clock: Clock;
  readonly logger: (module: string) => Logger;
  readonly datasets: Pick<DatasetService, 'obtain'>;
  readonly showRowFor: (row: DatasetRow, base: string | null, signal?: AbortSignal) => Promise<ShownRow>;
}

/** Dataset versions, the long work on them, and the views of them. */
export function composeFoundry({ layout, appDirectory, clock, logger, datasets, showRowFor }: FoundryParts) {
  const foundry = createFoundryService({
    ...{ folder: layout.foundry, folders: { store: layout.store, datasets: layout.datasets }, clock },
    logger: logger('foundry'),
    obtain: async (source) =>
      (await datasets.obtain(source, { signal: new AbortController().signal, report: () => undefined })).path,
    showRow: showRowFor,
  });
  const foundryViews = createFoundryViews({
    ...{ foundry, appDirectory, models: layout.models },
    folders: { store: layout.store, datasets: layout.datasets },
  });
  const scripts = createScriptService({
    ...{ jobs: foundry.jobs, versions: foundry.versions, kept: createKeptScripts(layout.scripts) },
    sandboxes: () => createSandboxes(process.env),
  });
  return { foundry, foundryViews, scripts, sandboxPages: createPageHub() };
}
