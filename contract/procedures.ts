import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { baseModelView } from './base-models.ts';
import { environmentProfile, environmentProgress, environmentStatus } from './environments.ts';
import { unknownEvent } from './events.ts';
import { modelCheckEvent, modelCheckRequest, modelExportEvent, modelExportRequest } from './exports.ts';
import { machine, machineFinding } from './hardware.ts';
import { jobView } from './jobs.ts';
import { forgeErrorData, mainJobRequest, mainJobView } from './main-job.ts';
import { modelReference, modelVersion } from './models.ts';
import { longestSecret, secretView } from './secrets.ts';
import { chatMessage, chatUsage, finishReason, modelServerStatus, ollamaStatus, servedModel } from './serving.ts';

/** Raised by one whenever a message or a procedure changes in a way the other end would misread. */
export const protocolVersion = 1;

/** Expected errors travel as `FORGE` with the registry's code inside; anything else is a bug with a correlation id. */
const procedure = oc.errors({ FORGE: { data: forgeErrorData } });

/** Mutations carry a request id made by the client: repeating it returns the first answer. */
const requestId = z.string().min(8).max(100);
const jobId = z.string().max(100);
const mainJobId = z.string().max(100);

const engineStatus = z.object({
  protocol: z.number(),
  version: z.string(),
  pid: z.number(),
  home: z.string(),
  startedAt: z.number(),
  memoryBytes: z.number(),
});

const eventBatch = z.object({ events: z.array(unknownEvent), last: z.number(), behind: z.boolean() });

const engine = {
  /** The first call on every connection; a mismatch is `engine.protocol-mismatch`. */
  hello: procedure.input(z.object({ protocol: z.number(), appVersion: z.string() })).output(engineStatus),
  status: procedure.output(engineStatus),
  /** Leaves workers running; they are adopted by the next engine. */
  stop: procedure.output(z.object({ stopping: z.literal(true) })),
  rebuildIndex: procedure.output(
    z.object({ jobs: z.number(), attempts: z.number(), events: z.number(), seconds: z.number() }),
  ),
};

const mutation = z.object({ job: jobId, requestId });

const jobs = {
  list: procedure.input(z.object({ limit: z.number().int().min(1).max(500).default(100) })).output(z.array(jobView)),
  get: procedure.input(z.object({ job: jobId })).output(jobView),
  pause: procedure.input(mutation).output(jobView),
  resume: procedure.input(mutation).output(jobView),
  cancel: procedure.input(mutation).output(jobView),
  /** Stop training now, keep the best checkpoint and go on with the chain. */
  finish: procedure.input(mutation).output(jobView),
  retry: procedure.input(mutation).output(jobView),
  /** Every change of every job, starting with the present state of each. */
  watch: procedure.output(eventIterator(jobView)),
};

const runs = {
  /** Page to catch up: events with `seq` > after, over all attempts in order. The request per page is the backpressure. */
  eventsPage: procedure
    .input(
      z.object({
        job: jobId,
        after: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(2000).default(500),
      }),
    )
    .output(eventBatch),
  /** Subscribe to stay: batches of at most 64 events or 50 ms; ends with `behind` when the reader is too slow. */
  subscribe: procedure
    .input(z.object({ job: jobId, after: z.number().int().min(0).default(0) }))
    .output(eventIterator(eventBatch)),
  /** Metric series by name with at most `points` points each (minimum and maximum per bucket). */
  series: procedure
    .input(
      z.object({
        job: jobId,
        names: z.array(z.string().max(60)).min(1).max(12),
        points: z.number().int().min(10).max(5000).default(500),
      }),
    )
    .output(
      z.array(z.object({ name: z.string(), steps: z.array(z.number()), values: z.array(z.number().nullable()) })),
    ),
  /** The terminal's bytes as text, from an offset; `next` is where to go on. */
  console: procedure
    .input(
      z.object({
        job: jobId,
        offset: z.number().int().min(0).default(0),
        limitBytes: z.number().int().min(1).max(1_000_000).default(65_536),
      }),
    )
    .output(z.object({ text: z.string(), next: z.number(), end: z.number() })),
};

const mainJobs = {
  start: procedure.input(z.object({ request: mainJobRequest, requestId })).output(mainJobView),
  list: procedure.output(z.array(mainJobView)),
  get: procedure.input(z.object({ id: mainJobId })).output(mainJobView),
  watch: procedure.input(z.object({ id: mainJobId })).output(eventIterator(mainJobView)),
  cancel: procedure.input(z.object({ id: mainJobId, requestId })).output(mainJobView),
  /** Dry run: what would be done, every setting with its reason, memory and time. Nothing is written. */
  plan: procedure.input(z.object({ request: mainJobRequest })).output(
    z.object({
      lines: z.array(z.string()),
      recipe: z.record(z.string(), z.unknown()),
      reasons: z.record(z.string(), z.string()),
    }),
  ),
};

const models = {
  list: procedure.output(z.array(modelVersion)),
  get: procedure.input(z.object({ model: modelReference })).output(modelVersion),
  /** Writes a version as a file or folder of the person's; progress, then what was written. Breaking off leaves nothing half-made. */
  export: procedure.input(modelExportRequest).output(eventIterator(modelExportEvent)),
  /** Measures a version's file against the trained model again; progress, then its gates. */
  check: procedure.input(modelCheckRequest).output(eventIterator(modelCheckEvent)),
  remove: procedure
    .input(z.object({ model: modelReference, requestId }))
    .output(z.object({ removed: z.string(), freedBytes: z.number() })),
};

const environments = {
  /** All profiles; the one this machine takes comes first. */
  list: procedure.output(z.array(environmentStatus)),
  /** Progress until the environment is ready; breaking off cancels, and the next set-up goes on from there. */
  setUp: procedure
    .input(z.object({ profile: environmentProfile.nullable().default(null) }))
    .output(eventIterator(environmentProgress)),
  repair: procedure
    .input(z.object({ profile: environmentProfile.nullable().default(null) }))
    .output(eventIterator(environmentProgress)),
  remove: procedure
    .input(z.object({ profile: environmentProfile, requestId }))
    .output(z.object({ freedBytes: z.number() })),
};

const machines = {
  /** What this machine is and what follows from it; at most 2.5 s, kept for 30 s unless `fresh`. */
  detect: procedure
    .input(z.object({ fresh: z.boolean().default(false) }))
    .output(z.object({ machine, finding: machineFinding })),
};

const baseModelName = z.string().min(1).max(4096);
const downloadProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), text: z.string(), fraction: z.number().nullable() }),
  z.object({ kind: z.literal('done'), model: baseModelView }),
]);

const baseModels = {
  list: procedure.output(z.array(baseModelView)),
  show: procedure.input(z.object({ id: baseModelName })).output(baseModelView),
  /** Takes up a folder or GGUF file where it lies; nothing is copied. */
  add: procedure
    .input(z.object({ path: z.string().max(4096), name: z.string().max(100).nullable().default(null), requestId }))
    .output(baseModelView),
  /** Brings a model of the catalogue, or of the hub, to this disk; breaking off keeps what came, the next call resumes. */
  obtain: procedure.input(z.object({ id: baseModelName })).output(eventIterator(downloadProgress)),
  remove: procedure.input(z.object({ id: baseModelName, requestId })).output(z.object({ freedBytes: z.number() })),
};

const servingStatus = z.object({
  running: z.boolean(),
  /** Base address for clients, ending in /v1; null while it is stopped. */
  url: z.string().nullable(),
  models: z.array(servedModel),
  /** The processes that hold a model, at most one for each model in memory. */
  servers: z.array(modelServerStatus),
});

const serving = {
  status: procedure.output(servingStatus),
  /** Starts the OpenAI-compatible server; already running on that address: nothing changes. */
  start: procedure
    .input(
      z.object({
        port: z.number().int().min(0).max(65_535).nullable().default(null),
        host: z.string().max(255).nullable().default(null),
        requestId,
      }),
    )
    .output(servingStatus),
  stop: procedure.input(z.object({ requestId })).output(servingStatus),
  /** One conversation with a served model, streamed. */
  chat: procedure
    .input(
      z.object({
        model: z.string().max(200),
        messages: z.array(chatMessage).min(1).max(2000),
        temperature: z.number().min(0).max(2).default(0),
        maximumTokens: z.number().int().min(1).max(131_072).default(512),
      }),
    )
    .output(
      eventIterator(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('delta'), text: z.string() }),
          z.object({
            kind: z.literal('done'),
            finishReason,
            usage: chatUsage,
            firstTokenMs: z.number(),
            totalMs: z.number(),
          }),
        ]),
      ),
    ),
};

const deployment = z.object({
  used: z.boolean(),
  version: z.string().nullable(),
  reason: z.string(),
  names: z.array(z.string()),
});

const deployments = {
  ollama: procedure.output(ollamaStatus),
  /** Puts a finished version into the local Ollama, after the smoke test. */
  toOllama: procedure.input(z.object({ model: modelReference, requestId })).output(deployment),
  fromOllama: procedure
    .input(z.object({ model: modelReference, requestId }))
    .output(z.object({ removed: z.array(z.string()) })),
};

const secretName = z.string().min(1).max(64);

/** Keys and tokens by name. No answer and no error carries a value. */
const secrets = {
  /** Every secret Forge knows, with or without a value. */
  list: procedure.output(z.array(secretView)),
  set: procedure
    .input(z.object({ name: secretName, value: z.string().max(longestSecret), requestId }))
    .output(secretView),
  /** Takes the stored value away; `removed` is false when there was none. One of the environment stays. */
  remove: procedure
    .input(z.object({ name: secretName, requestId }))
    .output(secretView.extend({ removed: z.boolean() })),
};

/** The whole surface of the engine. Verbs are domain verbs. */
export const contract = {
  engine,
  jobs,
  runs,
  mainJobs,
  models,
  machines,
  environments,
  baseModels,
  serving,
  deployments,
  secrets,
};
export type Contract = typeof contract;
