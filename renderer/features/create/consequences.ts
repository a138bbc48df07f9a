import type { DatasetInspection } from '#contract/dataset-preview.ts';
import type { PlanPreview } from '#contract/plan-preview.ts';

/** What the decisions so far lead to. Null: not known yet. */
export interface Consequences {
  readonly learnRows: number | null;
  readonly heldOutRows: number | null;
  /** Null without a plan. */
  readonly totalSeconds: number | null;
  readonly trainSeconds: number | null;
  readonly memoryBytes: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly diskBytes: number | null;
  /** `too-few`: these rows cannot show a gain with any confidence. */
  readonly visiblePoints: number | 'too-few' | null;
  readonly fetchesBase: boolean;
  /** Remarks of data and plan, each once. */
  readonly warnings: readonly string[];
}

/** From both: the inspection is there earlier, the plan divides the rows just as the main job will. A plan of another file says nothing here. */
export function consequencesOf(inspection: DatasetInspection | null, latestPlan: PlanPreview | null): Consequences {
  const isOther = inspection !== null && latestPlan !== null && latestPlan.report.sha256 !== inspection.report.sha256;
  const plan = isOther ? null : latestPlan;
  const split = plan?.split ?? inspection?.split ?? null;
  const memory = plan?.plan.forecast ?? null;
  return {
    learnRows: split?.train.rows ?? null,
    heldOutRows: split?.heldOut.rows ?? null,
    totalSeconds: plan?.forecast.totalSeconds ?? null,
    trainSeconds: plan?.forecast.trainSeconds ?? null,
    memoryBytes: memory?.memory.totalBytes ?? null,
    memoryAvailableBytes: memory?.memoryAvailableBytes ?? null,
    diskBytes: plan?.forecast.diskBytes ?? null,
    visiblePoints: split === null ? null : (split.expectedVisiblePoints ?? 'too-few'),
    fetchesBase: plan !== null && !plan.base.isHere,
    warnings: [
      ...new Set([...(inspection?.report.warnings ?? []), ...(split?.warnings ?? []), ...(plan?.warnings ?? [])]),
    ],
  };
}
