/** Imports a file in a process of its own, or goes on with that import: `node import-child.ts HOME FILE`. Prints the report. Killed by its test. */
import { imported, importOf, openFoundry } from './foundry-fixture.ts';

const [home = '', file = ''] = process.argv.slice(2);
const foundry = openFoundry(home);
await foundry.begin();
const report = await imported(foundry, importOf([file]), 'import-child');
process.stdout.write(`${JSON.stringify(report)}\n`);
await foundry.stop();
