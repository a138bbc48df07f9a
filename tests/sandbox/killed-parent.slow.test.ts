import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { listProcesses, type ProcessRow } from '#native-bridge/processes/process-table.ts';

function descendants(of: number, rows: readonly ProcessRow[]): number[] {
  const own = rows.filter(({ parentPid }) => parentPid === of).map(({ pid }) => pid);
  return [...own, ...own.flatMap((pid) => descendants(pid, rows))];
}

for (const sandbox of createSandboxes(process.env).filter(({ name }) => name === 'bubblewrap' || name === 'deno')) {
  const fitness = await sandbox.probe();
  const skip = fitness.isFit ? false : `${sandbox.name} is not offered here: ${fitness.detail}`;
  test(`an engine that is killed leaves no endless script of ${sandbox.name} behind`, { skip }, async () => {
    const parent = spawn(process.execPath, [path.join(import.meta.dirname, 'looping-parent.ts'), sandbox.name]);
    await once(parent.stdout, 'data');
    await sleep(300);
    const children = descendants(parent.pid ?? 0, listProcesses());
    assert.ok(children.length > 0, 'no child of it was seen');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await sleep(1_000);
    const left = listProcesses().filter(({ pid, zombie }) => children.includes(pid) && !zombie);
    assert.deepEqual(left, []);
  });
}
