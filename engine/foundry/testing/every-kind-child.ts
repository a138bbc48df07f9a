/**
 * Does a job of every kind in a process of its own, or goes on with those that an earlier one left: `node every-kind-child.ts HOME ROWS DOCUMENTS [KIND...]`.
 * Prints a line when a job runs and one with its outcome. Killed by its test.
 */
import { offeredKinds, openWorld, runKind } from './every-kind.ts';

const [home = '', rowsFile = '', documents = '', ...wanted] = process.argv.slice(2);
const world = openWorld(home);
await world.foundry.begin();
for (const tried of offeredKinds.filter(({ kind }) => wanted.includes(kind))) {
  const outcome = await runKind(tried, world, {
    ...{ files: { rowsFile, documents }, id: `killed-${tried.kind}` },
    onRunning: () => process.stdout.write(`${JSON.stringify({ running: tried.kind })}\n`),
  });
  process.stdout.write(`${JSON.stringify({ ended: tried.kind, outcome })}\n`);
}
await world.foundry.stop();
