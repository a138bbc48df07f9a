import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Fitness, ScriptLimits } from '#core/foundry/scripts/sandbox.ts';
import { denoEntryFile, pyodideFolder, readDriver } from './app-files.ts';
import type { SandboxChannel } from './channel.ts';
import { findProgram } from './find-program.ts';
import { startFramedProcess } from './framed-process.ts';
import { identityOf, type KnownSandbox } from './remembered-fitness.ts';
import { tryToEscape } from './quick-escapes.ts';
import { awaitReady, frameShare, openSession } from './script-session.ts';

/** Python in WebAssembly is up after some seconds; on a machine that is busy much later. */
const readyMs = 90_000;

/** Nothing but reading Pyodide's folder, and that is given back before a script comes. Remote imports need no permission unless they are refused by name. */
function argumentsOf(folder: string, memoryBytes: number): string[] {
  const refused = ['net', 'import', 'env', 'run', 'ffi', 'sys', 'write'].map((name) => `--deny-${name}`);
  return [
    ...['run', '--quiet', '--no-prompt', '--no-remote', '--no-npm', '--no-config', '--no-lock', '--no-code-cache'],
    ...['--v8-flags=--max-old-space-size=1024', ...refused, `--allow-read=${folder}`],
    ...[denoEntryFile(), folder, String(memoryBytes)],
  ];
}

/** On Linux the kernel ends it when its parent is killed, however busy it is; elsewhere it ends when it next reads. */
function dyingWithParent(): string[] {
  const program = process.platform === 'linux' ? findProgram(['/usr/bin/setpriv', '/bin/setpriv'], {}) : null;
  return program === null ? [] : [program, '--pdeathsig', 'KILL', '--'];
}

/** Deno keeps caches; they get a folder of their own that goes with it. */
async function open(program: string, limits: ScriptLimits, signal?: AbortSignal): Promise<SandboxChannel> {
  const cache = await mkdtemp(path.join(os.tmpdir(), 'forge-deno-'));
  const [command = program, ...args] = [
    ...dyingWithParent(),
    program,
    ...argumentsOf(pyodideFolder(), limits.memoryBytes),
  ];
  const channel = startFramedProcess({
    program: command,
    args,
    environment: { DENO_DIR: cache, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
    frameBytes: limits.outputBytes * frameShare,
    signal,
    greeting: await readDriver(),
  });
  const removing: SandboxChannel = {
    ask: (question) => channel.ask(question),
    async close() {
      await channel.close();
      await rm(cache, { recursive: true, force: true });
    },
  };
  return awaitReady(removing, readyMs);
}

/** Pyodide in a Deno without permissions: every system, where a person has installed Deno (`DENO_BIN` names another one). */
export function createDenoSandbox(environment: NodeJS.ProcessEnv): KnownSandbox {
  const program = (): string | null => findProgram([environment['DENO_BIN'] ?? 'deno'], environment);
  const sandbox: KnownSandbox = {
    name: 'deno',
    label: 'Pyodide in Deno',
    async probe(signal): Promise<Fitness> {
      const found = program();
      return found === null ? { isFit: false, detail: 'Deno is not installed' } : tryToEscape(sandbox, found, signal);
    },
    async identity() {
      const found = program();
      if (found === null) return null;
      const files = [found, denoEntryFile(), path.join(pyodideFolder(), 'pyodide.asm.wasm')];
      return identityOf(files, argumentsOf(pyodideFolder(), 0));
    },
    start(script, signal) {
      const found = program();
      if (found === null) throw new Error('Deno is not installed');
      return openSession((aborting) => open(found, script.limits, aborting), script, signal);
    },
  };
  return sandbox;
}
