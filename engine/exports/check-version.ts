import type { ModelCheck } from '#contract/exports.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ParityReport, QuantisationType } from '#contract/main-job.ts';
import { say } from '#contract/sentences.ts';
import { fileGate, listGates } from '#core/main-job/parity-gates.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import { hashFile } from '#native-bridge/files/verify-artefacts.ts';
import type { ModelFile, TunedFiles } from '../main-job/export-jobs.ts';
import { judgeFile, measureTuned } from '../main-job/judge-file.ts';
import { fileOfType, tunedFiles } from './version-files.ts';
import { requirePython, requireTrained, type VersionWork } from './version-work.ts';

/** Starts a server for one comparison; it never is the one that measures or serves, whose model must stay. */
export type StartServer = () => ModelServer;

/** Measures one file of a version against what was trained, as the main job did. The same files are measured once, unless `again`. */
export async function measureFile(
  work: VersionWork,
  { file, tuned, again, startServer }: { file: ModelFile; tuned: TunedFiles; again: boolean; startServer: StartServer },
): Promise<ParityReport> {
  const { f16, mergedPath } = tuned;
  const inputs = { f16: f16.sha256, file: file.sha256, rows: work.output('dataset').digest };
  const measured = work.withInputs(again ? { ...inputs, at: work.services.clock.nowMs() } : inputs);
  const parity = await measureTuned(measured, {
    reference: mergedPath,
    f16,
    quantised: file.type === 'F16' ? [] : [file],
    name: `${work.tag} as ${file.type}`,
    key: again ? 'check' : 'export',
  });
  work.report({ text: 'comparing the chat template with the server', fraction: null, job: null });
  const server = startServer();
  try {
    return await judgeFile({ ...measured, services: { ...work.services, server } }, file, parity);
  } finally {
    await server.dispose();
  }
}

export interface CheckOptions {
  readonly type: QuantisationType | null;
  readonly startServer: StartServer;
}

/** Runs the gates on a file of a version now. A file that is not the recorded one fails before anything is measured. */
export async function checkVersion(work: VersionWork, { type, startServer }: CheckOptions): Promise<ModelCheck> {
  const { view, tag } = work;
  if (type !== null && type !== view.quantisation) return checkOther(work, type, startServer);
  const { quantisation, ggufSha256: recorded } = view;
  if (quantisation === null || recorded === null)
    throw new ForgeError('export.no-file', { model: tag, state: view.state });
  const path = view.ggufPath ?? work.output('parity').path;
  work.report({ text: 'reading the file', fraction: null, job: null });
  const found = view.ggufPath === null ? null : await hashFile(path, work.signal);
  const gate = fileGate({ recorded, found });
  const facts = { model: tag, type: quantisation, path, sha256: found, recordedSha256: recorded, isMeasured: true };
  if (!gate.passed) {
    const verdict = say(found === null ? 'job.check-missing-file' : 'job.check-other-file', { path, model: tag });
    return { ...facts, passed: false, verdict, gates: [gate], report: null };
  }
  requireTrained(work);
  await requirePython(work);
  const tuned = await tunedFiles(work);
  const file = { type: quantisation, path, bytes: view.sizeBytes ?? 0, sha256: recorded };
  const report = await measureFile(work, { file, tuned, again: true, startServer });
  const gates = [gate, ...listGates(report)];
  return { ...facts, ...verdictOf(tag, quantisation, gates), gates, report };
}

async function checkOther(work: VersionWork, type: QuantisationType, startServer: StartServer): Promise<ModelCheck> {
  requireTrained(work);
  await requirePython(work);
  const tuned = await tunedFiles(work);
  const file = await fileOfType(work, type, tuned);
  const report = await measureFile(work, { file, tuned, again: true, startServer });
  const gates = listGates(report);
  const facts = { model: work.tag, type, path: file.path, sha256: file.sha256, recordedSha256: null };
  return { ...facts, isMeasured: false, ...verdictOf(work.tag, type, gates), gates, report };
}

function verdictOf(tag: string, type: string, gates: ModelCheck['gates']): Pick<ModelCheck, 'passed' | 'verdict'> {
  const failed = gates.filter(({ passed }) => !passed);
  const passed = failed.length === 0;
  const verdict = passed
    ? say('job.check-passed', { model: `${tag} as ${type}`, gates: gates.length })
    : say('job.check-failed', {
        model: `${tag} as ${type}`,
        gates: failed.map(({ name, measured }) => `${name} (${measured})`).join('; '),
      });
  return { passed, verdict };
}
