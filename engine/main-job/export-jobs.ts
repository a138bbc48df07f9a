import path from 'node:path';
import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { Artefact, JobView, ResultFile } from '#contract/jobs.ts';
import { attemptDirectory } from '#native-bridge/files/run-directory.ts';
import type { MainJobServices } from './services.ts';
import type { StepContext } from './step.ts';
import { runWorkerJob, type WorkerJobContext } from './worker-job.ts';

/** What making and measuring files needs of the work it belongs to: a step of a main job, or an export. */
export interface FileWorkContext extends WorkerJobContext {
  /** `models/<name>/v<n>/`. */
  readonly directory: string;
  readonly output: StepContext['output'];
  readonly services: WorkerJobContext['services'] & Pick<MainJobServices, 'llamaLibrary'>;
}

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
  context: FileWorkContext,
  { job, result }: { job: JobView; result: ResultFile },
  ending: string,
): ModelFile {
  const found: Artefact | undefined = result.artefacts.find((artefact) => artefact.path.endsWith(ending));
  if (!found) throw new ForgeError('job.no-result', { job: job.id, name: ending });
  const directory = attemptDirectory(context.services.layout.home, job.id, job.attempt);
  return { type: '', path: path.resolve(directory, found.path), bytes: found.bytes, sha256: found.sha256 };
}

/** Formats of an `export` job (docs/worker-protocol.md). */
export type WorkerExportFormat = 'merged' | 'gguf-f16' | 'gguf-adapter';

export interface ExportTarget {
  /** Hugging Face folder with unquantised weights; absent: the base of the build. */
  readonly base?: string;
  readonly adapter: string | null;
  readonly outDir: string;
  readonly name: string;
  readonly formats: readonly WorkerExportFormat[];
  readonly key: string;
}

/** Writes a model (base, or base with its adapter) in the given formats. */
export async function exportModel(
  context: FileWorkContext,
  target: ExportTarget,
): Promise<{ job: JobView; result: ResultFile }> {
  const base = context.output('base');
  return runWorkerJob(context, {
    kind: 'export',
    name: `Export ${target.name}`,
    device: 'cpu',
    key: target.key,
    payload: {
      base: target.base ?? base.folder,
      adapter: target.adapter,
      outDir: target.outDir,
      name: target.name,
      formats: target.formats,
      preTokenizer: base.preTokenizer,
    },
    phaseTexts: { merging: 'merging the adapter into the base', writing: 'writing the files' },
  });
}

/** Writes the unquantised GGUF of a base. */
export async function exportF16(context: FileWorkContext, target: Omit<ExportTarget, 'formats'>): Promise<ModelFile> {
  const done = await exportModel(context, { ...target, formats: ['gguf-f16'] });
  return { ...fileOf(context, done, '.f16.gguf'), type: 'F16' };
}

export interface TunedFiles {
  readonly f16: ModelFile;
  /** The Hugging Face folder the adapter was merged into. */
  readonly mergedPath: string;
  readonly mergedFiles: readonly Artefact[];
}

/** Puts base and adapter together: the merged folder and its unquantised GGUF, in the folder of the version. */
export async function exportTuned(context: FileWorkContext, name: string): Promise<TunedFiles> {
  const outDir = path.join(context.directory, 'gguf');
  const done = await exportModel(context, {
    ...trainedWeights(context),
    ...{ outDir, name, formats: ['merged', 'gguf-f16'], key: 'tuned' },
  });
  const attempt = attemptDirectory(context.services.layout.home, done.job.id, done.job.attempt);
  const merged = done.result.artefacts.filter((file) => file.name.startsWith('merged/'));
  return {
    f16: { ...fileOf(context, done, '.f16.gguf'), type: 'F16' },
    mergedPath: path.join(outDir, 'merged'),
    mergedFiles: merged.map((file) => ({ ...file, path: path.resolve(attempt, file.path) })),
  };
}

/** What the files of a tuned model depend on. */
export function tunedInputs({ output }: Pick<FileWorkContext, 'output'>): { base: string; adapter: string } {
  return { base: output('base').digest, adapter: output('train').adapterSha256 };
}

/** What a training left: an adapter to lay over the base or, when all weights were trained, a model in place of the base. */
export function trainedWeights(context: Pick<FileWorkContext, 'output'>): { base: string; adapter: string | null } {
  const { adapterPath } = context.output('train');
  return context.output('plan').plan.recipe.method === 'full'
    ? { base: adapterPath, adapter: null }
    : { base: context.output('base').folder, adapter: adapterPath };
}

/** Quantises one file into the given types with the library that serves them. */
export async function quantise(
  context: FileWorkContext,
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
  context: FileWorkContext,
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
