import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { QuantisationType } from '#contract/main-job.ts';
import { isIntact } from '#native-bridge/files/verify-artefacts.ts';
import {
  exportModel,
  exportTuned,
  fileOf,
  quantise,
  trainedWeights,
  tunedInputs,
  type ModelFile,
  type TunedFiles,
} from '../main-job/export-jobs.ts';
import { readPrepared } from '../main-job/steps/base-step.ts';
import type { VersionWork } from './version-work.ts';

/**
 * The trained model as files: the merged folder and its unquantised GGUF. The job that made them for the main job is found again while its
 * files are as it wrote them; otherwise they are made again from base and adapter.
 * @throws ForgeError `export.file-changed`, `export.base-gone`, `job.*`
 */
export async function tunedFiles(work: VersionWork): Promise<TunedFiles> {
  const folder = path.join(work.directory, 'gguf');
  const isKept = await areThere(path.join(folder, 'merged'), path.join(folder, `${work.build.name}.f16.gguf`));
  if (!isKept) await requireWholeSources(work);
  const files = await exportTuned(work.withInputs(tunedInputs(work)), work.build.name);
  const { export: stamp } = work.build.steps;
  const wasMeasured = stamp?.state === 'done' || stamp?.state === 'reused';
  // Other bytes than the recorded ones are fine from a newer writer, but not from another base.
  if (wasMeasured && work.output('export').f16Sha256 !== files.f16.sha256) await requireWholeSources(work);
  return files;
}

/** One file type of the trained model, unquantised or made of the unquantised file; kept in the folder of the version. */
export async function fileOfType(work: VersionWork, type: QuantisationType, { f16 }: TunedFiles): Promise<ModelFile> {
  if (type === 'F16') return f16;
  const [file] = await quantise(work.withInputs({ f16: f16.sha256 }), {
    gguf: f16.path,
    outDir: path.dirname(f16.path),
    types: [type],
    name: work.build.name,
    key: 'export',
  });
  if (!file) throw new Error(`quantising to ${type} gave no file`);
  return file;
}

/** The adapter alone as a GGUF file. @throws ForgeError `export.no-adapter` where there is none, or none that GGUF can hold */
export async function adapterFile(work: VersionWork, beforeStart: () => Promise<void>): Promise<ModelFile> {
  const reasons: Readonly<Record<string, string>> = {
    full: 'all its weights were trained',
    dora: 'it was trained with DoRA, which rescales the base itself, and GGUF adapters cannot',
  };
  const reason = reasons[work.output('plan').plan.recipe.method];
  if (reason !== undefined) throw new ForgeError('export.no-adapter', { model: work.tag, reason });
  await beforeStart();
  await requireWholeSources(work);
  const done = await exportModel(work.withInputs(tunedInputs(work)), {
    ...trainedWeights(work),
    ...{ outDir: path.join(work.directory, 'gguf'), name: work.build.name },
    ...{ formats: ['gguf-adapter'], key: 'adapter' },
  });
  return { ...fileOf(work, done, '.adapter.gguf'), type: 'adapter' };
}

/** The trained weights and the base are what they were when the training ended. */
async function requireWholeSources(work: VersionWork): Promise<void> {
  for (const artefact of work.build.steps.train?.artefacts ?? []) {
    if (!(await isIntact(artefact))) {
      const reason = 'it is missing or was changed';
      throw new ForgeError('export.file-changed', { path: artefact.path, model: work.tag, reason });
    }
  }
  const base = work.output('base');
  const stamp = path.join(path.dirname(base.folder), 'prepared.json');
  if ((await readPrepared(stamp, base, base.folder)) === null)
    throw new ForgeError('export.base-gone', { model: work.tag, base: base.id });
}

async function areThere(...places: readonly string[]): Promise<boolean> {
  for (const place of places) {
    const there = await stat(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (there === null) return false;
  }
  return true;
}
