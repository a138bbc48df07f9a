import type { ModelExportRequest } from '#contract/exports.ts';
import type { ModelRow } from '../model-rows.ts';
import type { ModelsState } from '../models-store.ts';

export interface ModelHandlers {
  select(id: string | null): void;
  chat(row: ModelRow): void;
  openRun(mainJob: string): void;
  serve(row: ModelRow, version: number | null): void;
  deploy(row: ModelRow): void;
  endDeploy(row: ModelRow): void;
  withdraw(row: ModelRow): void;
  export(request: ModelExportRequest): void;
  endExport(id: string): void;
  reveal(path: string): void;
  remove(row: ModelRow): void;
  retry(): void;
}

export interface ModelsViewProps {
  /** Null: not read yet. */
  readonly rows: readonly ModelRow[] | null;
  readonly state: Pick<ModelsState, 'failure' | 'ollama' | 'work' | 'deployments' | 'exports' | 'selected'>;
  readonly handlers: ModelHandlers;
}

export interface ModelInspectorProps extends Pick<ModelsViewProps, 'state' | 'handlers'> {
  readonly row: ModelRow;
}
