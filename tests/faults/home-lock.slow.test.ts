import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const home = mkdtempSync(join(tmpdir(), 'forge-lock-'));
after(() => rmSync(home, { recursive: true, force: true }));

test('of many engines that find a stale lock exactly one gets the home', async () => {
  writeFileSync(join(home, 'engine.lock'), JSON.stringify({ pid: 2 ** 22 - 1, startedAt: '1' }));
  const module = new URL('../../engine/home-lock.ts', import.meta.url).href;
  const script = `import { acquireHomeLock } from ${JSON.stringify(module)};
    try { acquireHomeLock(process.argv[1]); console.log('got'); } catch (error) { console.log(error.code); }
    setTimeout(() => {}, 5000);`;
  const outputs = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, home], {
        cwd: process.cwd(),
      });
      let output = '';
      child.stdout.on('data', (chunk) => (output += String(chunk)));
      child.stderr.on('data', (chunk) => (output += String(chunk)));
      await new Promise((resolve) => child.once('exit', resolve));
      return output.trim();
    }),
  );
  assert.deepEqual(outputs.toSorted(), ['engine.home-in-use', 'engine.home-in-use', 'engine.home-in-use', 'got']);
});
