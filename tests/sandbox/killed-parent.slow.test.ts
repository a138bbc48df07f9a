import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { findProgram } from '#native-bridge/sandbox/find-program.ts';
import { listProcesses, type ProcessRow } from '#native-bridge/processes/process-table.ts';
import { sandboxEnvironment } from './sandbox-programs.ts';
import { fetchTool } from './test-cache.ts';

const environment = await sandboxEnvironment();
/** Until the last process must be gone. */
const goneMs = 10_000;

function descendants(of: number, rows: readonly ProcessRow[]): number[] {
  const own = rows.filter(({ parentPid }) => parentPid === of).map(({ pid }) => pid);
  return [...own, ...own.flatMap((pid) => descendants(pid, rows))];
}

/** First processes of containers: they are no children of whoever asked for them. */
async function containers(): Promise<Map<string, number>> {
  const podman = findProgram(['podman'], environment);
  if (podman === null) return new Map();
  const env = environment as Record<string, string>;
  const { stdout } = await fetchTool(podman, ['ps', '--all', '--format', '{{.Names}} {{.Pid}}'], { env });
  const lines = stdout.split('\n').filter((line) => line.startsWith('forge-sandbox-'));
  return new Map(lines.map((line) => line.split(' ')).map(([name = '', pid]) => [name, Number(pid)]));
}

function running(pids: readonly number[]): number[] {
  return listProcesses()
    .filter(({ pid, zombie }) => pids.includes(pid) && !zombie)
    .map(({ pid }) => pid);
}

interface Loop {
  readonly parent: ChildProcess;
  /** The script's processes, and what is around it. */
  readonly children: readonly number[];
  readonly container: string | null;
}

/** A script that loops for ever, in a process of its own. */
async function startLoop(t: TestContext, name: string, milliseconds: number): Promise<Loop> {
  const before = name === 'container' ? await containers() : new Map<string, number>();
  const file = path.join(import.meta.dirname, 'looping-parent.ts');
  const parent = spawn(process.execPath, [file, name, String(milliseconds)], { env: environment });
  t.after(() => parent.kill('SIGKILL'));
  await once(parent.stdout, 'data');
  await sleep(300);
  const [started] = [...(name === 'container' ? await containers() : [])].filter(([one]) => !before.has(one));
  const rows = listProcesses();
  const firsts = started === undefined ? [] : [started[1]];
  const children = [...firsts, ...[...firsts, parent.pid ?? 0].flatMap((pid) => descendants(pid, rows))];
  assert.ok(running(children).length > 0, 'no process of it was seen');
  assert.equal(started === undefined, name !== 'container', 'the container was not seen');
  return { parent, children, container: started?.[0] ?? null };
}

async function assertGone({ children, container }: Loop): Promise<void> {
  const deadline = performance.now() + goneMs;
  while (running(children).length > 0 && performance.now() < deadline) await sleep(100);
  assert.deepEqual(running(children), []);
  while (container !== null && (await containers()).has(container)) {
    assert.ok(performance.now() < deadline, 'the container itself is left');
    await sleep(200);
  }
}

const offered = createSandboxes(environment).filter(({ name }) => name !== 'page');
for (const sandbox of offered) {
  const fitness = await sandbox.probe();
  const skip = fitness.isFit ? false : `${sandbox.name} is not offered here: ${fitness.detail}`;
  test(`an engine that is killed leaves no endless script of ${sandbox.name} behind`, { skip }, async (t) => {
    const loop = await startLoop(t, sandbox.name, 600_000);
    loop.parent.kill('SIGKILL');
    await once(loop.parent, 'exit');
    await assertGone(loop);
  });

  test(`a script of ${sandbox.name} that ran over its time leaves no process`, { skip }, async (t) => {
    const loop = await startLoop(t, sandbox.name, 2_000);
    const [said] = (await once(loop.parent.stdout ?? assert.fail(), 'data')) as [Buffer];
    assert.equal(said.toString(), 'time\n');
    await assertGone(loop);
    assert.equal(loop.parent.exitCode, null, 'it is the engine that goes on');
  });
}
