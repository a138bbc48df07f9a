import { z } from 'zod';
import { ForgeError } from '#contract/errors.ts';
import type { InterpreterCandidate } from '#core/ports/python-environment.ts';
import type { PythonTools } from './find-uv.ts';
import { installerEnvironment } from './installer-environment.ts';

/** By preference: what a person calls Python first, then the versions by how well tried they are. */
const commands = ['python3', 'python3.12', 'python3.13', 'python3.11', 'python3.14', 'python'];
const windowsCommands = ['python', 'python3'];
const reportTimeoutMs = 10_000;

/** Prints what decides whether an interpreter will do. Works from Python 3.4 on, so that an old one can say that it is old. */
const reportScript = `
import json, struct, sys
base = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({
    "path": base,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "implementation": sys.implementation.name,
    "bits": struct.calcsize("P") * 8,
    "hasLock": bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
    "final": sys.version_info[3] == "final",
}))
`;

const report = z.object({
  path: z.string().min(1).max(4096),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  implementation: z.string(),
  bits: z.number(),
  hasLock: z.boolean(),
  final: z.boolean(),
});

/** The candidate a report describes, or null when the text is none. */
export function parseInterpreterReport(text: string): InterpreterCandidate | null {
  const parsed = report.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { path, version, implementation, bits, hasLock, final } = parsed.data;
  let problem: string | null = null;
  if (implementation !== 'cpython') problem = `it is ${implementation}, not CPython`;
  else if (bits !== 64) problem = 'it is a 32-bit build';
  else if (!hasLock) problem = 'it is a free-threaded build';
  else if (!final) problem = 'it is a pre-release';
  return { path, version, origin: 'path', problem };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: some other program of that name, or a store's placeholder; it is no candidate.
    return null;
  }
}

/** All Pythons on PATH that start, once each, isolated from the person's settings and packages. */
export async function listInterpreters(
  tools: PythonTools,
  signal: AbortSignal,
): Promise<readonly InterpreterCandidate[]> {
  const found = new Map<string, InterpreterCandidate>();
  for (const command of tools.platform === 'win32' ? windowsCommands : commands) {
    const candidate = await askInterpreter(tools, command, signal);
    if (candidate !== null && !found.has(candidate.path)) found.set(candidate.path, candidate);
  }
  return [...found.values()];
}

export async function askInterpreter(
  tools: PythonTools,
  command: string,
  signal: AbortSignal,
): Promise<InterpreterCandidate | null> {
  try {
    const options = {
      timeoutMs: reportTimeoutMs,
      maximumOutputBytes: 65_536,
      env: installerEnvironment(tools.own),
      signal,
    };
    const { stdout } = await tools.run(command, ['-I', '-c', reportScript], options);
    return parseInterpreterReport(stdout);
  } catch (error) {
    // Not there, a launcher for a version that is not installed, or a Python too old for -I: not a candidate.
    if (error instanceof ForgeError && error.code.startsWith('tool.') && !signal.aborted) return null;
    throw error;
  }
}
