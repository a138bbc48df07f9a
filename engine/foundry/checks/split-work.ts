import { planSides } from '../views/write-sides.ts';
import { rowsOf } from '../views/view-work.ts';
import { checkWork, type Checking } from './check-order.ts';

/** The sides that a split would give (D-11), counted, with what a naive split would leak beside. */
async function findSides({ request, version, context, concerned, pace }: Checking<'split'>): Promise<object> {
  const open = rowsOf(context, version);
  const { sideOf, report } = await planSides(context, { rows: version.rows, open }, request);
  let place = 0;
  for await (const rows of open()) {
    for (const { id } of rows) {
      concerned.add({ id, side: sideOf(place) });
      place += 1;
    }
    await pace.piece();
  }
  const { train, validation, test, 'left-out': leftOut } = report.rows;
  const { pairs, crossing } = report.naive;
  return {
    ...{ seed: request.seed, sides: { train, validation, test }, groups: report.groups, leftOut },
    ...{ largestGroupRows: report.largestGroupRows, leaks: report.leaks },
    naive: { pairs, crossing, share: pairs === 0 ? 0 : crossing / pairs },
  };
}

export const splitWork = checkWork('split', findSides);
