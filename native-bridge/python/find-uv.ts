import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ForgeError } from '#contract/errors.ts';
import type { UvTool } from '#core/ports/python-environment.ts';
import type { runTool } from '../processes/run-tool.ts';
import { venvProgram, type EnvironmentLayout } from './environment-layout.ts';
import { installerEnvironment } from './installer-environment.ts';

export type RunTool = typeof runTool;

/** What every function here that starts programs is given. */
export interface PythonTools {
  readonly run: RunTool;
  readonly platform: string;
  readonly appDirectory: string;
  readonly layout: EnvironmentLayout;
  /** The engine's own environment variables. */
  readonly own: Readonly<Record<string, string | undefined>>;
}

const versionTimeoutMs = 10_000;

/**
 * Every uv that answers `uv --version`, by preference: bundled with a packaged application, on PATH, Forge's own from an earlier set-up.
 * One that is there and does not run is passed over: the next one serves.
 */
export async function listUv(tools: PythonTools, signal: AbortSignal): Promise<readonly UvTool[]> {
  const program = tools.platform === 'win32' ? 'uv.exe' : 'uv';
  const onPath = (tools.own['PATH'] ?? tools.own['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places: readonly (readonly [UvTool['origin'], string])[] = [
    ['bundled', join(tools.appDirectory, 'resources', 'bin', program)],
    ...onPath.map((folder) => ['path', join(folder, program)] as const),
    ['private', venvProgram(tools.layout.privateUv, 'uv', tools.platform)],
  ];
  const found: UvTool[] = [];
  for (const [origin, command] of places) {
    const isThere = await access(command, constants.X_OK).then(
      () => true,
      () => false,
    );
    const version = isThere ? await readUvVersion(tools, command, signal) : null;
    if (version !== null) found.push({ path: command, version, origin });
  }
  return found;
}

/** e.g. "0.13.8", or null when it is not there or does not run. */
export async function readUvVersion(tools: PythonTools, command: string, signal: AbortSignal): Promise<string | null> {
  try {
    const options = {
      timeoutMs: versionTimeoutMs,
      maximumOutputBytes: 4096,
      env: installerEnvironment(tools.own),
      signal,
    };
    const { stdout } = await tools.run(command, ['--version'], options);
    return /^uv (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null;
  } catch (error) {
    if (error instanceof ForgeError && error.code.startsWith('tool.') && !signal.aborted) return null;
    throw error;
  }
}
