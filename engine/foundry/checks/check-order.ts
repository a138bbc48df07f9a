import { z } from 'zod';
import { checkRequest, type CheckKind, type CheckRequest } from '#contract/dataset-checks.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { createRowPace, type RowPace } from '../views/row-pace.ts';
import { stepResources, type StepResources } from '../views/step-resources.ts';
import { openConcernedRows, type ConcernedRows } from './concerned-rows.ts';

export const checkOrder = z.object({ request: checkRequest, resources: stepResources });

/** A check at work. */
export interface Checking<Kind extends CheckKind> {
  readonly request: Extract<CheckRequest, { check: Kind }>;
  readonly resources: StepResources;
  readonly version: DatasetVersion;
  readonly context: WorkContext;
  readonly concerned: ConcernedRows;
  readonly pace: RowPace;
}

type Found<Kind extends CheckKind> = (checking: Checking<Kind>) => Promise<object>;

/**
 * The work of one kind of check: `find` counts and lists the rows; the rest is the same for all. After a pause or a kill it starts over: 100,000 rows take 1 to
 * 10 s, and nothing is told before the end.
 */
export function checkWork<Kind extends CheckKind>(kind: Kind, find: Found<Kind>): FoundryWork {
  return async (given, context) => {
    const { request, resources } = checkOrder.parse(given);
    if (request.check !== kind) throw new TypeError(`a check of kind ${request.check} was given to ${kind}`);
    const version = await context.store.read(request);
    const concerned = openConcernedRows(context, version, kind);
    try {
      const pace = createRowPace(context, version.rows, (rows) => `${rows} rows checked`);
      const own = request as Extract<CheckRequest, { check: Kind }>;
      const found = await find({ request: own, resources, version, context, concerned, pace });
      const rowsPath = await concerned.finish();
      const { name, version: number, rows } = version;
      return { check: kind, name, version: number, rows, rowsPath, seconds: pace.seconds(), ...found };
    } finally {
      concerned.close();
    }
  };
}
