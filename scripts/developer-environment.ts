// Makes the contributors' Python environment (profile `dev`) with the product's own set-up and leaves a stable link to it: <home>/envs/dev.
import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const home = path.resolve(process.argv[2] ?? '');

function forge(...args: string[]): string {
  const done = spawnSync(process.execPath, [path.join(root, 'cli', 'main.ts'), ...args, '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
  return done.stdout;
}

const status = JSON.parse(forge('env', 'setup', '--profile', 'dev', '--json')) as { directory: string };
forge('stop', '--json');
const link = path.join(home, 'envs', 'dev');
rmSync(link, { force: true });
symlinkSync(status.directory, link, process.platform === 'win32' ? 'junction' : 'dir');
process.stdout.write(`${link} -> ${status.directory}\n`);
