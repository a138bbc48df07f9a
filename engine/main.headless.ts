// The engine without a desktop: `node engine/main.headless.ts --home DIR [--port N]`. The command line starts it; it writes FORGE_HOME/engine.json when it listens.
import { statfsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

const roomForWork = 200_000_000;

/** Free bytes on the disk of a folder; 0 when it is not there or can't be looked at. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

const { values } = parseArgs({ options: { home: { type: 'string' }, port: { type: 'string', default: '0' } } });
const home = values.home === undefined ? null : path.resolve(values.home);

/*
 * Four tenths of the start is reading and compiling modules, so what was compiled is kept in the home (docs/measured.md, "engine start"). It has to be switched on before
 * the first module of ours is loaded: nothing may be imported above. A home that is not there yet is left to `prepareHome`, which makes it with the right permissions;
 * a cache that can't be written is no failure, it is only not there. The last megabytes of a disk belong to the person's work.
 */
if (home !== null && freeBytes(home) > roomForWork) enableCompileCache(path.join(home, 'cache', 'compiled'));

const { runHeadlessEngine } = await import('./headless-engine.ts');
await runHeadlessEngine({ home, port: Number(values.port) });
