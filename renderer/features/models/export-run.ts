import type { ExportFormat, ModelExport, ModelExportRequest } from '#contract/exports.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { QuantisationType } from '#contract/main-job.ts';

/** What a person has chosen in the export dialog. */
export interface ExportDraft {
  readonly format: ExportFormat;
  /** Null: the file that was measured. */
  readonly type: QuantisationType | null;
  readonly to: string;
}

export const emptyExportDraft: ExportDraft = { format: 'gguf', type: null, to: '' };

/** The request of a draft; null while it has no absolute path to write to. */
export function exportRequestOf(model: string, draft: ExportDraft): ModelExportRequest | null {
  const to = draft.to.trim();
  if (!isAbsolute(to)) return null;
  const type = draft.format === 'gguf' ? draft.type : null;
  return { model, format: draft.format, type, to, overwrite: false, evenIfWorse: false };
}

/** Absolute on Windows or elsewhere; which of the two the engine runs on, it says itself. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

/** An export that runs or ran in this window. */
export type ExportRun =
  | {
      readonly kind: 'running';
      readonly request: ModelExportRequest;
      readonly text: string;
      readonly fraction: number | null;
    }
  | { readonly kind: 'done'; readonly request: ModelExportRequest; readonly result: ModelExport }
  | { readonly kind: 'failed'; readonly request: ModelExportRequest; readonly failure: ForgeErrorData };

/** The same request, changed so that what kept it from being done no longer does; null where no change of it would help. */
export function mendedRequest({ request, failure }: Extract<ExportRun, { kind: 'failed' }>): ModelExportRequest | null {
  if (failure.code === 'export.target-exists') return { ...request, overwrite: true };
  return failure.code === 'export.worse' ? { ...request, evenIfWorse: true } : null;
}
