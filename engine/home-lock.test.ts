import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { acquireHomeLock } from './home-lock.ts';

const home = mkdtempSync(join(tmpdir(), 'forge-lock-'));
const path = join(home, 'engine.lock');
after(() => rmSync(home, { recursive: true, force: true }));

test('a home has one engine: the second is told who holds it', () => {
  const lock = acquireHomeLock(home);
  assert.throws(
    () => acquireHomeLock(home),
    (error) =>
      error instanceof ForgeError && error.code === 'engine.home-in-use' && error.detail['pid'] === process.pid,
  );
  lock.release();
  assert.equal(existsSync(path), false);
});

test('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  acquireHomeLock(home, child.pid ?? 0);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const lock = acquireHomeLock(home);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).pid, process.pid);
  lock.release();
});

test('a lock whose pid was given to another process is stale, and so is a damaged one', () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: 'another time' }));
  acquireHomeLock(home).release();
  writeFileSync(path, '{"pid":');
  acquireHomeLock(home).release();
  assert.equal(existsSync(path), false);
});
