import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';

const entry = path.join(import.meta.dirname, 'main.headless.ts');

function newHome(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'forge-headless-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'home');
}

/** Starts the engine, waits for its own word that it listens, asks it to stop; resolves with its exit code. */
async function startAndStop(home: string): Promise<number | null> {
  const engine = spawn(process.execPath, [entry, '--home', home], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => engine.once('close', resolve));
  let said = '';
  engine.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!said.includes('engine listens') && (said += text).includes('engine listens')) engine.kill('SIGTERM');
  });
  const code = await ended;
  assert.match(said, /engine listens/);
  return code;
}

const compiledFiles = (home: string): number =>
  existsSync(path.join(home, 'cache'))
    ? readdirSync(path.join(home, 'cache'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length
    : 0;

test('the first start makes the home for its owner alone, the second keeps the compiled modules there', async (t) => {
  const home = newHome(t);
  assert.equal(await startAndStop(home), 0);
  if (process.platform !== 'win32') assert.equal(statSync(home).mode & 0o777, 0o700);
  assert.equal(await startAndStop(home), 0);
  assert.ok(compiledFiles(home) > 100, `${compiledFiles(home)} compiled modules`);
});

test('the engine starts where the compiled modules can not be kept, or are damaged', async (t) => {
  const home = newHome(t);
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(path.join(home, 'cache'), 'a file where the folder should be');
  assert.equal(await startAndStop(home), 0);
  assert.equal(readFileSync(path.join(home, 'cache'), 'utf8'), 'a file where the folder should be');
  rmSync(path.join(home, 'cache'));
  assert.equal(await startAndStop(home), 0);
  for (const file of readdirSync(path.join(home, 'cache'), { recursive: true, withFileTypes: true }))
    if (file.isFile()) {
      chmodSync(path.join(file.parentPath, file.name), 0o600);
      writeFileSync(path.join(file.parentPath, file.name), 'damaged');
    }
  assert.equal(await startAndStop(home), 0);
});
