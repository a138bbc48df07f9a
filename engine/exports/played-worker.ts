import path from 'node:path';
import type { JobSubmission } from '../jobs/job-service.ts';
import type { Play, PlayedFile } from './fake-jobs.ts';

/** Losses that are measured, by file type; 2 where none is given. */
export type Losses = Readonly<Record<string, number>>;

/** Plays the jobs of an export: files with the names and places a worker gives them, and the summary of a parity job that passes but for the losses. */
export function playWorker(losses: Losses): Play {
  return ({ kind, payload }) => {
    if (kind === 'parity') return { summary: paritySummary(payload, losses) };
    return { files: kind === 'quantise' ? quantisedFiles(payload) : exportedFiles(payload) };
  };
}

type Payload = JobSubmission['payload'];

function exportedFiles(payload: Payload): readonly PlayedFile[] {
  const outDir = String(payload['outDir']);
  const written = {
    merged: ['config.json', 'model.safetensors'].map((name) => ({
      ...{ name: `merged/${name}`, path: path.join(outDir, 'merged', name), content: `merged ${name}` },
    })),
    'gguf-f16': [{ name: 'gguf-f16', path: path.join(outDir, 'tiny.f16.gguf'), content: 'f16' }],
    'gguf-adapter': [{ name: 'gguf-adapter', path: path.join(outDir, 'tiny.adapter.gguf'), content: 'adapter' }],
  };
  return (payload['formats'] as (keyof typeof written)[]).flatMap((format) => written[format]);
}

function quantisedFiles(payload: Payload): readonly PlayedFile[] {
  return (payload['types'] as string[]).map((type) => ({
    ...{ name: type, path: path.join(String(payload['outDir']), `tiny.${type}.gguf`), content: `made as ${type}` },
  }));
}

function paritySummary(payload: Payload, losses: Losses): Record<string, unknown> {
  const candidates = payload['candidates'] as { type: string; path: string }[];
  return {
    tokens: { equal: 50, of: 50 },
    reference: { loss: 2 },
    candidates: candidates.map(({ type, path: file }) => ({
      ...{ type, path: file, loss: losses[type] ?? 2, lossChange: 0, argmaxAgreement: 1 },
      ...{ maxLogProbabilityDifference: 0, meanLogProbabilityDifference: 0, greedy: { equal: 10, of: 10 } },
    })),
    templates: [{ messages: [{ role: 'user', content: 'hello' }], rendered: 'hello' }],
  };
}
