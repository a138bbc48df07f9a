import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isContractProcedure } from '@orpc/contract';
import type { BaseModelView } from '#contract/base-models.ts';
import type { EnvironmentStatus } from '#contract/environments.ts';
import { ForgeError } from '#contract/errors.ts';
import type { JobView } from '#contract/jobs.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { contract } from '#contract/procedures.ts';
import { protocolVersion } from '#contract/protocol-version.ts';
import { forgeImplementer, type ForgeRouter } from '#engine/transports/forge-router.ts';
import { requireSameProtocol } from '#engine/transports/greeting.ts';
import { recordedResult } from '../../cli/testing/recorded-states.ts';
import { recordedDatasets, recordedPlan } from './recorded-data.ts';
import { recordedExports } from './recorded-exports.ts';
import { playMainJob, recordedEvents, type RecordedPlay } from './recorded-main-job.ts';

export interface RecordedEngineOptions extends RecordedPlay {
  readonly onStop: () => void;
}

const recordedEnvironment: EnvironmentStatus = {
  profile: 'cpu',
  reason: 'no GPU was found',
  state: 'ready',
  directory: '/envs/cpu-0123456789ab',
  lockDigest: '0123456789ab',
  stages: [],
  uv: null,
  python: null,
  torchBuild: 'default',
  device: null,
  versions: {},
  training: null,
  sizeBytes: 4_000_000_000,
  estimate: { downloadBytes: 2_000_000_000, diskBytes: 4_000_000_000 },
};

export const recordedJob: JobView = {
  id: 'train-1',
  kind: 'train',
  name: 'support:v1',
  state: 'running',
  device: 'cpu',
  attempt: 1,
  createdAt: 1_790_000_000_000,
  updatedAt: 1_790_000_142_000,
  queuePosition: null,
  phase: { name: 'training', fraction: 0.488, etaSeconds: 128 },
  step: 84,
  failure: null,
  revision: 3,
};

export const recordedModel: ModelVersion = {
  name: 'support',
  version: 1,
  base: 'SmolLM2-135M-Instruct',
  createdAt: 1_790_000_000_000,
  state: 'ready',
  quantisation: 'Q8_0',
  ggufPath: null,
  ggufSha256: null,
  sizeBytes: 144_800_000,
  baseScore: 0,
  tunedScore: 80.8,
  interval: [76.1, 85.5],
  verdict: recordedResult.verdict,
  parity: null,
  directory: '/models/support/v1',
  inOllama: false,
};

const recordedBase: BaseModelView = {
  id: 'smollm2-135m-instruct',
  name: 'SmolLM2 135M Instruct',
  state: 'ready',
  origin: 'in the Python package',
  files: null,
  isOwn: false,
  facts: null,
  licence: null,
  gated: false,
  sizeBytes: null,
  memory: null,
  bestUse: null,
  aliases: ['smollm'],
};

/** An engine that plays a recorded main job; what the command line does not need throws. */
export function createRecordedEngine(options: RecordedEngineOptions): ForgeRouter {
  const play = playMainJob(options);
  const status = () => ({
    protocol: protocolVersion,
    version: '0.1.0',
    pid: process.pid,
    home: options.home,
    startedAt: 1_790_000_000_000,
    memoryBytes: 81_000_000,
  });
  const { engine, jobs, runs, mainJobs, models, baseModels, environments, foundry, serving } = forgeImplementer;
  let servingUrl: string | null = null;
  const servingStatus = (): ServingView => ({
    ...{ state: servingUrl === null ? 'stopped' : 'serving', running: servingUrl !== null, url: servingUrl },
    ...{ host: '127.0.0.1', port: 18_793, failure: null, answering: 0, keyRequired: false },
    models: [{ name: 'support:v1', path: '/models/support/v1/model.gguf', createdAtMs: 0 }],
    families: [{ name: 'support', current: 1, pinned: false, previous: null, versions: [1] }],
    servers: [],
    requests: { total: 0, perMinute: Array.from({ length: 30 }, () => 0) },
  });
  const findJob = (id: string): JobView => {
    if (id !== recordedJob.id) throw new ForgeError('engine.not-found', { kind: 'run', id, command: 'runs' });
    return play.trainingOver() ? { ...recordedJob, state: 'succeeded' } : recordedJob;
  };
  const findModel = (reference: string): ModelVersion => {
    if (!reference.startsWith('support'))
      throw new ForgeError('engine.not-found', { kind: 'model', id: reference, command: 'models' });
    return recordedModel;
  };
  return withTheRest({
    engine: {
      hello: engine.hello.handler(({ input }) => {
        requireSameProtocol(input.protocol);
        return status();
      }),
      status: engine.status.handler(status),
      stop: engine.stop.handler(() => {
        setTimeout(options.onStop, 20);
        return { stopping: true as const };
      }),
      rebuildIndex: engine.rebuildIndex.handler(() => ({ jobs: 1, attempts: 2, events: 300, seconds: 0.04 })),
    },
    jobs: {
      list: jobs.list.handler(() => [findJob('train-1')]),
      get: jobs.get.handler(({ input }) => findJob(input.job)),
      pause: jobs.pause.handler(({ input }) => ({ ...findJob(input.job), state: 'pausing' as const })),
      retry: jobs.retry.handler(() => {
        throw new ForgeError('job.not-allowed', {
          action: 'retry',
          job: 'train-1',
          state: 'running',
          reason: 'it still runs',
        });
      }),
    },
    runs: {
      eventsPage: runs.eventsPage.handler(({ input }) => {
        const events = recordedEvents(play.trainedSteps())
          .filter(({ seq }) => seq > input.after)
          .slice(0, input.limit);
        return { events, last: events.at(-1)?.seq ?? input.after, behind: false };
      }),
      subscribe: runs.subscribe.handler(async function* ({ input, signal }) {
        let after = input.after;
        while (signal?.aborted !== true) {
          const events = recordedEvents(play.trainedSteps())
            .filter(({ seq }) => seq > after)
            .slice(0, 64);
          after = events.at(-1)?.seq ?? after;
          if (events.length > 0) yield { events, last: after, behind: false };
          else if (play.trainingOver()) return;
          await sleep(20);
        }
      }),
      series: runs.series.handler(() => [{ name: 'loss', steps: [1, 84], values: [3.9, 2.45], total: 2 }]),
      console: runs.console.handler(({ input }) => {
        const text = 'loading the base\r\n\u001b[32mstep 1\u001b[0m loss 3.9\r\n';
        return { text: text.slice(input.offset), next: text.length, end: text.length };
      }),
    },
    mainJobs: {
      start: mainJobs.start.handler(({ input }) => {
        if (input.request.dataset?.endsWith('missing.csv') === true)
          throw new ForgeError('dataset.not-found', { path: input.request.dataset });
        return play.start();
      }),
      list: mainJobs.list.handler(() => [play.view()]),
      get: mainJobs.get.handler(() => play.view()),
      watch: mainJobs.watch.handler(({ signal }) => play.watch(signal ?? new AbortController().signal)),
      cancel: mainJobs.cancel.handler(() => play.cancel()),
      plan: mainJobs.plan.handler(({ input }) => recordedPlan(input.request)),
    },
    datasets: recordedDatasets(),
    foundry: { list: foundry.list.handler(() => []) },
    environments: {
      list: environments.list.handler(() => [recordedEnvironment]),
      setUp: environments.setUp.handler(async function* () {
        const { profile } = recordedEnvironment;
        yield { profile, stage: 'install' as const, state: 'running' as const, fraction: 0.5, text: 'downloading' };
        await sleep(5);
        yield { profile, stage: 'training-probe' as const, state: 'done' as const, fraction: 1, text: 'ten steps' };
      }),
    },
    baseModels: {
      list: baseModels.list.handler(() => [recordedBase]),
      show: baseModels.show.handler(({ input }) => ({ ...recordedBase, name: input.id })),
      add: baseModels.add.handler(({ input }) => ({ ...recordedBase, id: 'mine', isOwn: true, origin: input.path })),
      obtain: baseModels.obtain.handler(async function* ({ input }) {
        yield { kind: 'progress' as const, text: `fetching ${input.id}`, fraction: 0.5 };
        await sleep(5);
        yield { kind: 'done' as const, model: { ...recordedBase, id: input.id } };
      }),
      remove: baseModels.remove.handler(() => ({ freedBytes: 98_000_000 })),
    },
    models: {
      list: models.list.handler(() => [recordedModel]),
      get: models.get.handler(({ input }) => findModel(input.model)),
      ...recordedExports(),
      remove: models.remove.handler(({ input }) => ({ removed: input.model, freedBytes: 144_800_000 })),
    },
    serving: {
      status: serving.status.handler(servingStatus),
      start: serving.start.handler(({ input }) => {
        servingUrl = `http://${input.host ?? '127.0.0.1'}:${input.port ?? 18_793}/v1`;
        return servingStatus();
      }),
      stop: serving.stop.handler(() => {
        servingUrl = null;
        return servingStatus();
      }),
      watch: serving.watch.handler(async function* ({ signal }) {
        yield servingStatus();
        if (signal?.aborted === false) await once(signal, 'abort');
      }),
      chat: serving.chat.handler(async function* ({ input, signal }) {
        for (const text of ['You ', 'said: ', input.messages.at(-1)?.content ?? '']) {
          if (signal?.aborted === true) return;
          yield { kind: 'delta' as const, text };
        }
        await sleep(1);
        yield {
          kind: 'done' as const,
          finishReason: 'stop' as const,
          usage: { promptTokens: 9, completionTokens: 3, cachedPromptTokens: 0 },
          firstTokenMs: 150,
          totalMs: 190,
        };
      }),
    },
  });
}

/** Procedures that no case calls throw, so that the contract may grow without this file. */
function withTheRest(written: Record<string, object>): ForgeRouter {
  const implementers = forgeImplementer as unknown as Record<
    string,
    Record<string, { handler(run: () => never): unknown }>
  >;
  const groups = Object.entries(contract).map(([group, procedures]) => {
    const own: Record<string, unknown> = { ...written[group] };
    for (const [name, procedure] of Object.entries(procedures)) {
      if (!isContractProcedure(procedure) || name in own) continue;
      own[name] = implementers[group]?.[name]?.handler(() => {
        throw new Error(`the recorded engine has no ${group}.${name}`);
      });
    }
    return [group, own] as const;
  });
  return Object.fromEntries(groups) as unknown as ForgeRouter;
}
