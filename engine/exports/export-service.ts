import { ForgeError } from '#contract/errors.ts';
import type {
  ExportProgress,
  ModelCheck,
  ModelCheckRequest,
  ModelExport,
  ModelExportRequest,
} from '#contract/exports.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { oneByOne } from '../one-by-one.ts';
import { checkVersion, type StartServer } from './check-version.ts';
import { exportVersion } from './export-version.ts';
import { versionWork, type ExportServices, type VersionWork } from './version-work.ts';

export interface ExportCall {
  /** Breaking off ends the worker and takes away what was half-made. */
  readonly signal: AbortSignal;
  readonly report: (progress: ExportProgress) => void;
}

/** Versions as files of the person's, and the gates again; one at a time. */
export interface ExportService {
  export(request: ModelExportRequest, call: ExportCall): Promise<ModelExport>;
  check(request: ModelCheckRequest, call: ExportCall): Promise<ModelCheck>;
  /** Lets go: a worker that runs lives on, and its result is found by the next export of the same. */
  stop(): Promise<void>;
}

export interface ExportServiceOptions {
  readonly services: ExportServices;
  readonly registry: Pick<ModelRegistry, 'find'>;
  readonly startServer: StartServer;
}

export function createExportService({ services, registry, startServer }: ExportServiceOptions): ExportService {
  const inTurn = oneByOne();
  const ending = new AbortController();
  const open = new Set<Promise<unknown>>();
  const run = <T>(model: string, call: ExportCall, work: (version: VersionWork) => Promise<T>): Promise<T> => {
    const abort = new AbortController();
    // Unlike an end of the engine, a person's own stop ends the worker too: nobody waits for its file any more.
    const onCancel = (): void => abort.abort('cancel');
    const onStop = (): void => abort.abort('engine-stop');
    call.signal.addEventListener('abort', onCancel, { once: true });
    ending.signal.addEventListener('abort', onStop, { once: true });
    if (call.signal.aborted) onCancel();
    if (ending.signal.aborted) onStop();
    if (open.size > 0) call.report({ text: 'waits for another export', fraction: null, job: null });
    const done = inTurn(async () => {
      abort.signal.throwIfAborted();
      const report = reporter(call.report);
      return work(versionWork(await registry.find(model), { services, signal: abort.signal, report }));
    }).catch((error: unknown) => {
      throw abort.signal.aborted ? new ForgeError('export.cancelled', { model }, { cause: error }) : error;
    });
    const settled = done
      .catch(() => undefined)
      .finally(() => {
        open.delete(settled);
        call.signal.removeEventListener('abort', onCancel);
        ending.signal.removeEventListener('abort', onStop);
      });
    open.add(settled);
    return done;
  };
  return {
    export: (request, call) => run(request.model, call, (version) => exportVersion(version, request, startServer)),
    check: ({ model, type }, call) => run(model, call, (version) => checkVersion(version, { type, startServer })),
    async stop() {
      ending.abort();
      await Promise.all(open);
    },
  };
}

/** Parts that a report leaves out stay as they were. */
function reporter(tell: (progress: ExportProgress) => void): VersionWork['report'] {
  let latest: ExportProgress = { text: 'starting', fraction: null, job: null };
  return ({ text, fraction, job }) => {
    latest = {
      text: text ?? latest.text,
      fraction: fraction === undefined ? latest.fraction : fraction,
      job: job === undefined ? latest.job : job,
    };
    tell(latest);
  };
}
