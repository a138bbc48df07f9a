import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForgeError } from '#contract/errors.ts';
import { identifyProcess, isProcessAlive } from './process-identity.ts';
import { findByEnvironment, readProcess } from './process-table.ts';
import { killProcessTree, processTree } from './process-tree.ts';
import { createRunProbe, killRun, runMarkerName, terminateRun } from './run-processes.ts';
import { runTool } from './run-tool.ts';
import { spawnTerminal } from './spawn-terminal.ts';

const limits = { timeoutMs: 5_000, maximumOutputBytes: 100_000 };
const node = (script: string): [string, readonly string[]] => [process.execPath, ['-e', script]];

function failsWith(code: string) {
  return (error: unknown): boolean => error instanceof ForgeError && error.code === code;
}

test('a tool gives back its output, its input is written, its environment is the one given', async () => {
  const script = `process.stdin.on('data', (d) => process.stdout.write(d)); process.stderr.write(Object.keys(process.env).join())`;
  const result = await runTool(...node(script), { ...limits, input: 'grün', env: { ONLY: '1' } });
  assert.deepEqual(result, { exitCode: 0, stdout: 'grün', stderr: 'ONLY' });
});

test('the caller names the exit codes that are an answer; others are an error with the last words', async () => {
  const [command, args] = node('console.error("no such branch"); process.exit(3)');
  assert.equal((await runTool(command, args, { ...limits, expectedExitCodes: [0, 3] })).exitCode, 3);
  await assert.rejects(
    runTool(command, args, limits),
    (error) => failsWith('tool.failed')(error) && /no such branch/.test(String(error)),
  );
  await assert.rejects(runTool('/no/such/tool', [], limits), failsWith('tool.not-found'));
});

test('time, output and the abort signal bound a tool, and all it started is killed', async () => {
  const marker = `FORGE_TEST_TOOL=${process.pid}`;
  const env = { PATH: process.env['PATH'] ?? '', FORGE_TEST_TOOL: String(process.pid) };
  const [command, args] = node(
    `require('node:child_process').spawn('sleep', ['60'], { detached: true }); setInterval(() => {}, 1000)`,
  );
  await assert.rejects(runTool(command, args, { ...limits, timeoutMs: 300, env }), failsWith('tool.timed-out'));
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 300);
  await assert.rejects(runTool(command, args, { ...limits, env, signal: abort.signal }), failsWith('tool.aborted'));
  await assert.rejects(runTool(command, args, { ...limits, signal: abort.signal }), failsWith('tool.aborted'));
  await assert.rejects(runTool('yes', [], { ...limits, env }), failsWith('tool.output-too-large'));
  await sleep(100);
  assert.deepEqual(
    findByEnvironment(marker).filter((pid) => readProcess(pid)?.zombie === false),
    [],
  );
});

test('an identity is of one process: a dead one and a zombie are not alive', async () => {
  const own = identifyProcess(process.pid);
  assert.ok(own !== null && isProcessAlive(own));
  assert.equal(isProcessAlive({ pid: process.pid, startedAt: 'earlier' }), false);
  const child = spawn('sleep', ['60']);
  const identity = identifyProcess(child.pid ?? 0);
  assert.ok(identity !== null && isProcessAlive(identity));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(isProcessAlive(identity), false);
});

test('a tree is a process, its descendants and its group, without zombies', () => {
  const table: readonly (readonly [number, number, number, boolean?])[] = [
    [10, 1, 10],
    [11, 10, 10],
    [12, 11, 12],
    [13, 1, 10],
    [14, 1, 14],
    [15, 12, 12, true],
  ];
  const rows = table.map(([pid, parentPid, groupId, zombie = false]) => ({
    pid,
    parentPid,
    groupId,
    zombie,
    startedAt: '',
  }));
  assert.deepEqual(processTree(10, rows), [10, 11, 12, 13]);
  assert.deepEqual(processTree(99, rows), []);
});

test('killing a tree reaches grandchildren that left the group', async () => {
  const child = spawn('python3', [
    '-c',
    'import subprocess,time; subprocess.Popen(["sleep","60"],start_new_session=True,env={"FORGE_TEST_TREE":"1"}); time.sleep(60)',
  ]);
  const find = () => findByEnvironment('FORGE_TEST_TREE=1').filter((pid) => readProcess(pid)?.zombie === false);
  while (find().length === 0) await sleep(20);
  killProcessTree(child.pid ?? 0);
  await new Promise((resolve) => child.once('exit', resolve));
  await sleep(50);
  assert.deepEqual(find(), []);
});

test('a terminal runs an argument array with the whole environment and raw bytes; its run is found and ended by its mark', async () => {
  const directory = `/nowhere/${process.pid}`;
  const script = 'trap "" TERM; printf "%s|%s\\n" "$1" "$MARK"; sleep 60 & wait; sleep 60';
  const env = { PATH: process.env['PATH'] ?? '', MARK: 'grün', [runMarkerName]: directory };
  const terminal = spawnTerminal({ command: '/bin/sh', args: ['-c', script, 'sh', '$(id) "x"'], env }, '/');
  const pieces: Uint8Array[] = [];
  terminal.onBytes((bytes) => pieces.push(bytes));
  const exited = new Promise<{ exitCode: number; signal: number }>((resolve) => terminal.onExit(resolve));
  while (pieces.length === 0) await sleep(10);
  assert.equal(Buffer.concat(pieces).toString('utf8'), '$(id) "x"|grün\r\n');
  const isAlive = createRunProbe(directory);
  assert.equal(isAlive(), true);
  terminateRun(directory);
  await sleep(100);
  assert.equal(isAlive(), true, 'it ignores SIGTERM');
  killRun(directory);
  assert.equal((await exited).signal, 9);
  await sleep(50);
  assert.equal(isAlive(), false);
});
