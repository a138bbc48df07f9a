import { createContaminationIndex, findContamination } from '#core/foundry/contamination/find-contamination.ts';
import { countSets, loadTasks } from '../views/load-tasks.ts';
import { checkWork, type Checking } from './check-order.ts';

/** Rows that hold a task, and rows close to one, against every set that is installed (D-12). */
async function findTasks({ resources, version, context, concerned, pace }: Checking<'contamination'>): Promise<object> {
  const tasks = await loadTasks(resources.taskFiles);
  const index = createContaminationIndex(tasks);
  const hits = new Map<string, { set: string; kind: string; rows: number }>();
  let [count, certain, review] = [0, 0, 0];
  for await (const { rows } of context.store.rows(version)) {
    for (const row of rows) {
      const found = findContamination(row, index);
      if (found.length > 0) {
        if (found.some(({ kind }) => kind !== 'similar')) certain += 1;
        else review += 1;
        concerned.add({ id: row.id, hits: found });
        for (const { set, kind } of new Map(found.map((hit) => [`${hit.set}\n${hit.kind}`, hit])).values()) {
          const key = `${set}\n${kind}`;
          hits.set(key, { set, kind, rows: (hits.get(key)?.rows ?? 0) + 1 });
        }
      }
      count += 1;
      await pace.rowDone(count);
    }
  }
  return { sets: countSets(tasks), certain, review, hits: [...hits.values()].toSorted((a, b) => b.rows - a.rows) };
}

export const contaminationWork = checkWork('contamination', findTasks);
