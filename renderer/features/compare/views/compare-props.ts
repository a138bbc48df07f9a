import type { CompareState } from '../compare-store.ts';
import type { ComparisonDraft } from '../comparison-draft.ts';

export interface CompareHandlers {
  change(part: Partial<ComparisonDraft>): void;
  start(): void;
  upload(file: File): Promise<void>;
  open(id: string): void;
  remove(id: string): void;
  retry(): void;
}

export interface CompareViewProps {
  readonly state: Pick<
    CompareState,
    | 'models'
    | 'providers'
    | 'recent'
    | 'datasets'
    | 'mainJobs'
    | 'failure'
    | 'draft'
    | 'estimate'
    | 'refusal'
    | 'isStarting'
    | 'hidden'
  >;
  readonly handlers: CompareHandlers;
}
