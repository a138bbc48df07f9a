import type { DatasetVersion, PageRequest } from '#contract/dataset-versions.ts';
import type { RejectsRange } from '#core/foundry/version-store.ts';
import type { ErrorCode, ErrorDetail } from '#contract/errors.ts';

/** What the thread that reads versions is asked. */
export type PagesQuestion =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly version: DatasetVersion;
      readonly question:
        | { readonly kind: 'page'; readonly request: PageRequest }
        | { readonly kind: 'row'; readonly id: string }
        | { readonly kind: 'rows-at'; readonly places: readonly number[] }
        | ({ readonly kind: 'rejects' } & RejectsRange);
    }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'cancel'; readonly id: number };

export type PagesAnswer =
  | { readonly id: number; readonly kind: 'answered'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: ErrorDetail }
  | { readonly id: number; readonly kind: 'bug'; readonly stack: string };
