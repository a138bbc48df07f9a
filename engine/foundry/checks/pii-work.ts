import { createRowPiiFinder } from '#core/foundry/pii/domain-detectors.ts';
import { checkWork, type Checking } from './check-order.ts';

/** Personal data and secrets (D-13). The list names places, never what stands there. */
async function findPersonalData({ resources, version, context, concerned, pace }: Checking<'pii'>): Promise<object> {
  const find = createRowPiiFinder(resources.detectors);
  const kinds = new Map<string, { kind: string; findings: number; rows: number }>();
  let [count, concernedRows] = [0, 0];
  for await (const { rows } of context.store.rows(version)) {
    for (const row of rows) {
      const found = find(row);
      if (found.length > 0) {
        concernedRows += 1;
        concerned.add({ id: row.id, findings: found });
        for (const [kind, own] of Map.groupBy(found, (finding) => finding.kind)) {
          const before = kinds.get(kind) ?? { kind, findings: 0, rows: 0 };
          kinds.set(kind, { kind, findings: before.findings + own.length, rows: before.rows + 1 });
        }
      }
      count += 1;
      await pace.rowDone(count);
    }
  }
  return { concerned: concernedRows, kinds: [...kinds.values()].toSorted((a, b) => b.findings - a.findings) };
}

export const piiWork = checkWork('pii', findPersonalData);
