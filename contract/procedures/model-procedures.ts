import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { baseModelView } from '../base-models.ts';
import { modelCheckEvent, modelCheckRequest, modelExportEvent, modelExportRequest } from '../exports.ts';
import { modelReference, modelVersion } from '../models.ts';
import { ollamaStatus } from '../serving.ts';
import { procedure, requestId } from './procedure.ts';

export const modelProcedures = {
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

const baseModelName = z.string().min(1).max(4096);
const downloadProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), text: z.string(), fraction: z.number().nullable() }),
  z.object({ kind: z.literal('done'), model: baseModelView }),
]);

export const baseModelProcedures = {
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

const deployment = z.object({
  used: z.boolean(),
  version: z.string().nullable(),
  reason: z.string(),
  names: z.array(z.string()),
});

const deploymentEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), text: z.string(), fraction: z.number().nullable() }),
  z.object({ kind: z.literal('done'), deployment }),
]);

export const deploymentProcedures = {
  ollama: procedure.output(ollamaStatus),
  /** Puts a finished version into the local Ollama, after the smoke test. */
  toOllama: procedure.input(z.object({ model: modelReference, requestId })).output(deployment),
  /** The same with its progress; breaking off leaves Ollama as it was. */
  deploy: procedure.input(z.object({ model: modelReference })).output(eventIterator(deploymentEvent)),
  fromOllama: procedure
    .input(z.object({ model: modelReference, requestId }))
    .output(z.object({ removed: z.array(z.string()) })),
};
