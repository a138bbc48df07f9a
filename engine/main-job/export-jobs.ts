import path from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { Artefact, JobView, ResultFile } from '#contract/jobs.ts';
import type { StepContext } from './step.ts';
import { runWorkerJob } from './worker-job.ts';

/** Summary of a `parity` job (docs/worker-protocol.md). */
export const paritySummary = z.looseObject({
  tokens: z.object({ equal: z.number(), of: z.number() }),
  reference: z.object({ loss: z.number() }),
  candidates: z.array(
    z.looseObject({
      type: z.string(),
      path: z.string(),
      loss: z.number(),
      lossChange: z.number(),
      argmaxAgreement: z.number(),
      maxLogProbabilityDifference: z.number(),
      meanLogProbabilityDifference: z.number(),
      greedy: z.object({ equal: z.number(), of: z.number() }),
    }),
  ),
  templates: z.array(
    z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })), rendered: z.string() }),
  ),
});
export type ParitySummary = z.infer<typeof paritySummary>;
export type ParityCandidate = ParitySummary['candidates'][number];

export interface ModelFile {
  readonly type: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The artefact of a job whose file name ends as given, with its absolute path. */
export function fileOf(
  context: StepContext,
  { job, result }: { job: JobView; result: ResultFile },
  ending: string,
): ModelFile {
  const found: Artefact | undefined = result.artefacts.find((artefact) => artefact.path.endsWith(ending));
  if (!found) throw new ForgeError('job.no-result', { job: job.id, name: ending });
  const directory = path.join(context.services.layout.runs, job.id, 'attempts', String(job.attempt));
  return { type: '', path: path.resolve(directory, found.path), bytes: found.bytes, sha256: found.sha256 };
}

/** Writes the unquantised GGUF of a model (base, or base with its adapter merged). */
export async function exportF16(
  context: StepContext,
  target: { adapter: string | null; outDir: string; name: string; merged: boolean; key: string },
): Promise<ModelFile> {
  const base = context.output('base');
  const done = await runWorkerJob(context, {
    kind: 'export',
    name: `Export ${target.name}`,
    device: 'cpu',
    key: target.key,
    payload: {
      base: base.folder,
      adapter: target.adapter,
      outDir: target.outDir,
      name: target.name,
      formats: target.merged ? ['merged', 'gguf-f16'] : ['gguf-f16'],
      preTokenizer: base.preTokenizer,
    },
    phaseTexts: { merging: 'merging the adapter into the base', writing: 'writing the GGUF file' },
  });
  return { ...fileOf(context, done, '.gguf'), type: 'F16' };
}

/** Quantises one file into the given types with the library that serves them. */
export async function quantise(
  context: StepContext,
  target: { gguf: string; outDir: string; types: readonly string[]; name: string; key: string },
): Promise<ModelFile[]> {
  if (target.types.length === 0) return [];
  const done = await runWorkerJob(context, {
    kind: 'quantise',
    name: `Quantise ${target.name}`,
    device: 'cpu',
    key: `${target.key}-${target.types.join('-')}`,
    payload: {
      gguf: target.gguf,
      outDir: target.outDir,
      types: target.types,
      llamaLibrary: context.services.llamaLibrary(),
    },
    phaseTexts: { quantising: `quantising to ${target.types.join(', ')}` },
  });
  return target.types.map((type) => ({ ...fileOf(context, done, `${type}.gguf`), type }));
}

/** Measures candidates against the Hugging Face reference in the library that serves them. */
export async function measureParity(
  context: StepContext,
  target: {
    reference: string;
    candidates: readonly ModelFile[];
    rows: string;
    limitRows: number;
    greedyPrompts: number;
    name: string;
    key: string;
  },
): Promise<ParitySummary> {
  const { result } = await runWorkerJob(context, {
    kind: 'parity',
    name: `Check ${target.name}`,
    device: 'cpu',
    key: target.key,
    payload: {
      reference: target.reference,
      candidates: target.candidates.map(({ type, path: file }) => ({ type, path: file })),
      rows: target.rows,
      limitRows: target.limitRows,
      texts: path.join(context.directory, context.output('dataset').textsPath),
      greedyPrompts: target.greedyPrompts,
      greedyTokens: 24,
      llamaLibrary: context.services.llamaLibrary(),
      lossTolerance: 0.01,
    },
    phaseTexts: { reference: 'computing the reference', comparing: 'comparing the file with the reference' },
  });
  return paritySummary.parse(result.summary);
}
