import path from 'node:path';
import type { ShownRow } from '#contract/dataset-preview.ts';
import type { DatasetRow } from '#contract/datasets.ts';
import type { MachineFinding } from '#contract/hardware.ts';
import type { BaseModelStore } from '#core/base-models/create-base-model-store.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import type { StartModelProcess } from '#native-bridge/llama/model-link.ts';
import { createVersionStore } from '#native-bridge/datasets/store/create-version-store.ts';
import { createRowTokeniser } from '#native-bridge/llama/row-tokeniser.ts';
import { createDraftService } from '../drafts/draft-service.ts';
import type { EnvironmentService } from '../environment/environment-service.ts';
import type { HomeLayout } from '../home-layout.ts';
import { createPlanPreview } from '../main-job/plan-preview.ts';
import { describePlannedBase } from '../main-job/planned-base.ts';
import { rowSourcesOf } from './base-row-source.ts';
import { createDatasetReadings } from './dataset-readings.ts';
import { createDatasetService } from './dataset-service.ts';
import { createReadingWorker } from './reading-worker.ts';
import { showRowAs } from './show-row.ts';

export interface DatasetParts {
  readonly layout: HomeLayout;
  readonly appDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly outbound: Outbound;
  readonly secretStore: Pick<SecretStore, 'read'>;
  readonly bases: BaseModelStore;
  readonly environments: Pick<EnvironmentService, 'list'>;
  readonly finding: () => Promise<MachineFinding>;
  readonly clock: Clock;
  readonly logger: (module: string) => Logger;
  readonly helpers?: { readonly startModelProcess: StartModelProcess } | undefined;
}

/** Tokens as a base counts them. */
export interface BaseTokens {
  /** The model file that has the tokenizer of a base; null where none is on this disk. @throws ForgeError base-model.* */
  fileOf(base: string): Promise<string | null>;
  /** @throws ForgeError serving.* */
  count(file: string, texts: readonly string[]): Promise<readonly number[]>;
}

const usualHub = 'https://huggingface.co';

/** What the wizard asks before a main job exists: data, drafts, the plan. All of it reads a file at most once. */
export function composeDatasets(parts: DatasetParts) {
  const { layout, appDirectory, bases, environments, outbound, secretStore, helpers } = parts;
  const readings = createDatasetReadings({ worker: createReadingWorker() });
  const address = (parts.environment['HF_ENDPOINT'] ?? usualHub).replace(/\/+$/, '');
  const tokeniser = createRowTokeniser(helpers === undefined ? {} : { startProcess: helpers.startModelProcess });
  const versions = createVersionStore({
    folders: { store: layout.store, datasets: layout.datasets },
    nowMs: () => parts.clock.nowMs(),
    logger: parts.logger('datasets'),
  });
  const hub = { outbound, secrets: secretStore, address };
  const datasets = createDatasetService({
    versions: () => versions.list(),
    readings,
    tokeniser,
    bases,
    layout,
    appDirectory,
    folder: layout.datasets,
    hub,
  });
  const drafts = createDraftService({
    folder: layout.drafts,
    nowMs: () => parts.clock.nowMs(),
    logger: parts.logger('drafts'),
  });
  const planPreview = createPlanPreview({
    appDirectory,
    readings,
    detectMachine: parts.finding,
    describeBase: (base) => describePlannedBase(base, { bases, layout }),
    environmentNeeds: async (profile) => {
      const status = (await environments.list()).find((environment) => environment.profile === profile);
      return status === undefined || status.state === 'ready' ? { downloadBytes: 0, diskBytes: 0 } : status.estimate;
    },
  });
  const tokens: BaseTokens = {
    async fileOf(base) {
      const { exact } = await rowSourcesOf(base, { bases, layout, appDirectory });
      return exact?.kind === 'gguf' ? exact.path : null;
    },
    count: (path, texts) => tokeniser.count({ kind: 'gguf', path }, texts),
  };
  const showRowFor = async (row: DatasetRow, base: string | null, signal?: AbortSignal): Promise<ShownRow> =>
    showRowAs(row, { tokeniser, sources: await rowSourcesOf(base, { bases, layout, appDirectory }), signal });
  return {
    datasets,
    hub,
    showRowFor,
    tokens,
    drafts,
    planPreview,
    readings,
    uploads: path.join(layout.datasets, 'uploads'),
  };
}
