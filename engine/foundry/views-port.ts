import type { CheckRequest } from '#contract/dataset-checks.ts';
import type { StudyReport, StudyRequest } from '#contract/study.ts';
import type {
  DatasetVersion,
  FoundryJob,
  SplitChoice,
  StepOutcome,
  VersionReference,
  ViewStep,
} from '#contract/dataset-versions.ts';

export type StepsRequest = VersionReference & { readonly steps: readonly ViewStep[] };

/** Filters over a version: tried as a view, frozen as a version of their own. */
export interface FoundryViews {
  tryView(request: StepsRequest): Promise<FoundryJob>;
  viewOutcome(request: StepsRequest): Promise<StepOutcome[] | null>;
  freeze(
    request: StepsRequest & {
      readonly as: DatasetVersion['name'] | null;
      readonly split: SplitChoice | null;
      readonly requestId: string;
    },
  ): Promise<FoundryJob>;
  check(order: { readonly request: CheckRequest; readonly requestId: string }): Promise<FoundryJob>;
  study(order: { readonly request: StudyRequest; readonly requestId: string }): Promise<FoundryJob>;
  /** The last finished study of a version, or null. */
  studyReport(reference: VersionReference): Promise<StudyReport | null>;
}
