import path from 'node:path';
import type { ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetRow } from '#contract/datasets.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { BaseTokens } from '../datasets/compose-datasets.ts';
import { createDomainService } from '../domains/domain-service.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { rememberSandboxesIn } from '#native-bridge/sandbox/remembered-fitness.ts';
import type { HubAccess } from '#native-bridge/hub/hub-repository.ts';
import type { HomeLayout } from '../home-layout.ts';
import { createDiffService } from './diff/diff-service.ts';
import { createKeptMappings } from './preview/kept-mappings.ts';
import { createFoundryService } from './foundry-service.ts';
import { createHubDatasets } from './hub/hub-datasets.ts';
import { createPageHub } from './scripts/page-hub.ts';
import { createKeptScripts } from './scripts/kept-scripts.ts';
import { createScriptService } from './scripts/script-service.ts';
import { createFoundryViews } from './views/create-foundry-views.ts';
import { readPiiPacks } from './views/step-resources.ts';

export interface FoundryParts {
  readonly layout: Pick<HomeLayout, 'home' | 'store' | 'datasets' | 'models' | 'foundry' | 'scripts' | 'domains'>;
  readonly appDirectory: string;
  readonly clock: Clock;
  readonly logger: (module: string) => Logger;
  /** How the hub of datasets is reached. */
  readonly hub: HubAccess;
  /** The tokenizers of bases that are on this disk. */
  readonly tokens: BaseTokens;
  readonly showRowFor: (row: DatasetRow, base: string | null, signal?: AbortSignal) => Promise<ShownRow>;
}

/** Domain packs, dataset versions, the long work on them, and the views of them. */
export function composeFoundry({ layout, appDirectory, clock, logger, hub, tokens, showRowFor }: FoundryParts) {
  // Before the first thread starts: each takes it along.
  rememberSandboxesIn(path.join(layout.home, 'cache', 'sandboxes'));
  const hubDatasets = createHubDatasets({
    ...{ folder: path.join(layout.datasets, 'hub'), access: hub, nowMs: () => clock.nowMs() },
  });
  const foundry = createFoundryService({
    ...{ folder: layout.foundry, folders: { store: layout.store, datasets: layout.datasets }, clock },
    logger: logger('foundry'),
    mappings: createKeptMappings({
      file: path.join(layout.home, 'mappings.json'),
      nowMs: () => clock.nowMs(),
      logger: logger('foundry'),
    }),
    obtain: (source) => hubDatasets.placeOf(source),
    countTokens: tokens.count,
    showRow: showRowFor,
  });
  const domains = createDomainService({
    ...{ shipped: path.join(appDirectory, 'domains'), own: layout.domains },
    detectors: async () => (await readPiiPacks(appDirectory)).map(({ id }) => id),
  });
  const kept = createKeptScripts(layout.scripts);
  const foundryViews = createFoundryViews({
    ...{ foundry, domains, scripts: kept, appDirectory, models: layout.models },
    tokenizerOf: tokens.fileOf,
    folders: { store: layout.store, datasets: layout.datasets },
  });
  const scripts = createScriptService({
    ...{ jobs: foundry.jobs, versions: foundry.versions, kept },
    // Who asks wants to know how it is now.
    sandboxes: () => createSandboxes(process.env, { isTriedAnew: true }),
  });
  const diffs = createDiffService({ foundry, folders: { store: layout.store, datasets: layout.datasets } });
  return { domains, hubDatasets, foundry, foundryViews, diffs, scripts, sandboxPages: createPageHub() };
}
