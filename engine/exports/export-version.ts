import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { ModelExport, ModelExportRequest } from '#contract/exports.ts';
import type { ParityReport, QuantisationType } from '#contract/main-job.ts';
import { largerTypes } from '#core/main-job/choose-quantisation.ts';
import { conversionPassed, failedGates, listGates } from '#core/main-job/parity-gates.ts';
import {
  chooseTarget,
  placeFile,
  placeFolder,
  SourceChangedError,
  type SourceFile,
} from '#native-bridge/files/place-export.ts';
import type { ModelFile } from '../main-job/export-jobs.ts';
import { measureFile, type StartServer } from './check-version.ts';
import { adapterFile, fileOfType, tunedFiles } from './version-files.ts';
import { requirePython, requireTrained, type VersionWork } from './version-work.ts';

/** Writes a version where a person wants it. @throws ForgeError `export.*`, `job.*` */
export async function exportVersion(
  work: VersionWork,
  request: ModelExportRequest,
  startServer: StartServer,
): Promise<ModelExport> {
  const { format, type } = request;
  if (format !== 'gguf' && type !== null) throw new ForgeError('export.type-without-file', { type, format });
  if (format === 'merged') return exportMerged(work, request);
  if (format === 'adapter') return exportAdapter(work, request);
  if (type !== null && type !== work.view.quantisation) return exportOther(work, { ...request, type }, startServer);
  return exportMeasured(work, request);
}

/** The very file that was measured, without any work but the copy. */
async function exportMeasured(work: VersionWork, request: ModelExportRequest): Promise<ModelExport> {
  const { view, tag } = work;
  if (view.ggufPath === null || view.ggufSha256 === null)
    throw new ForgeError('export.no-file', { model: tag, state: view.state });
  const file = { type: view.quantisation ?? 'model', path: view.ggufPath, bytes: 0, sha256: view.ggufSha256 };
  const { size: bytes } = await stat(file.path);
  const target = await targetOf(work, request, `${file.type}.gguf`);
  await place(work, target, (options) =>
    placeFile({ ...file, bytes }, target, { ...options, overwrite: request.overwrite }),
  );
  return {
    ...exportedFile(work, { target, file: { ...file, bytes } }),
    ...{ format: 'gguf', quantisation: view.quantisation, isMeasured: true },
    check: checkOf(view.parity),
  };
}

type TypedRequest = ModelExportRequest & { readonly type: QuantisationType };

/** Another file type than the measured one: made, measured against what was trained, and written only when it passes or the person insists. */
async function exportOther(work: VersionWork, request: TypedRequest, startServer: StartServer): Promise<ModelExport> {
  requireTrained(work);
  const target = await targetOf(work, request, `${request.type}.gguf`);
  await requirePython(work);
  const tuned = await tunedFiles(work);
  const file = await fileOfType(work, request.type, tuned);
  const report = await measureFile(work, { file, tuned, again: false, startServer });
  const failed = failedGates(report);
  if (failed.length > 0 && !request.evenIfWorse) {
    const instead = insteadOf(work, request.type, report);
    throw new ForgeError('export.worse', { model: work.tag, type: request.type, gates: failed.join('; '), instead });
  }
  await place(work, target, (options) => placeFile(file, target, { ...options, overwrite: request.overwrite }));
  return {
    ...exportedFile(work, { target, file }),
    ...{ format: 'gguf', quantisation: request.type, isMeasured: false },
    check: checkOf(report),
  };
}

/** What to take in place of a file that failed: a larger one where the type was at fault, else the one that was measured. */
function insteadOf({ view }: VersionWork, type: string, report: ParityReport): string {
  const larger = conversionPassed(report) ? largerTypes(type) : [];
  if (larger.length > 0) return `a larger type (${larger.join(', ')})`;
  return view.quantisation === null ? 'another type' : `${view.quantisation}, which was measured`;
}

async function exportAdapter(work: VersionWork, request: ModelExportRequest): Promise<ModelExport> {
  requireTrained(work);
  const target = await targetOf(work, request, 'adapter.gguf');
  const file = await adapterFile(work, () => requirePython(work));
  await place(work, target, (options) => placeFile(file, target, { ...options, overwrite: request.overwrite }));
  return {
    ...exportedFile(work, { target, file }),
    ...{ format: 'adapter', quantisation: null, isMeasured: false, check: null },
  };
}

async function exportMerged(work: VersionWork, request: ModelExportRequest): Promise<ModelExport> {
  requireTrained(work);
  const target = await targetOf(work, request, 'merged');
  await requirePython(work);
  const { mergedFiles: files } = await tunedFiles(work);
  await place(work, target, (options) => placeFolder(files, target, { ...options, overwrite: request.overwrite }));
  return {
    ...{ model: work.tag, format: 'merged', path: target, sha256: null, quantisation: null },
    sizeBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.map((file) => ({ path: path.basename(file.path), sizeBytes: file.bytes, sha256: file.sha256 })),
    ...{ isMeasured: false, check: null },
  };
}

function targetOf(
  { build }: VersionWork,
  { to, overwrite, format }: ModelExportRequest,
  ending: string,
): Promise<string> {
  const kind = format === 'merged' ? 'folder' : 'file';
  return chooseTarget(to, { name: `${build.name}-v${build.version}-${ending}`, kind, overwrite });
}

/** Copies, with the bytes as progress; a source that was changed is told with the version it belongs to. */
async function place(
  work: VersionWork,
  target: string,
  copy: (options: { signal: AbortSignal; report: (fraction: number) => void }) => Promise<void>,
): Promise<void> {
  const report = (fraction: number): void => work.report({ text: `writing ${target}`, fraction, job: null });
  report(0);
  try {
    await copy({ signal: work.signal, report });
  } catch (error) {
    if (!(error instanceof SourceChangedError)) throw error;
    const reason = 'its size or digest is another one';
    throw new ForgeError('export.file-changed', { path: error.path, model: work.tag, reason }, { cause: error });
  }
}

function exportedFile(
  { tag }: VersionWork,
  { target, file }: { target: string; file: SourceFile | ModelFile },
): Pick<ModelExport, 'model' | 'path' | 'sizeBytes' | 'sha256' | 'files'> {
  const { bytes: sizeBytes, sha256 } = file;
  return { model: tag, path: target, sizeBytes, sha256, files: [{ path: '', sizeBytes, sha256 }] };
}

function checkOf(report: ParityReport | null): ModelExport['check'] {
  if (report === null) return null;
  const gates = listGates(report);
  return { passed: gates.every(({ passed }) => passed), lossChange: report.loss.change, gates };
}
