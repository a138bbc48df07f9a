import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTool, type ToolOutput } from '#native-bridge/processes/run-tool.ts';

const patienceMs = 180_000;

/** Heavy things of the tests, outside the clone; made again when they are gone. */
export const testCache = process.env['FORGE_TEST_CACHE'] ?? path.join(os.homedir(), '.cache', 'forge-tests');

/** Makes a folder of the cache once: in a folder of its own first, so that nobody sees half of it. */
export async function onceInCache(name: string, make: (incoming: string) => Promise<void>): Promise<string> {
  const folder = path.join(testCache, name);
  if (existsSync(folder)) return folder;
  await mkdir(testCache, { recursive: true });
  const incoming = await mkdtemp(`${folder}-incoming-`);
  try {
    await make(incoming);
    await rename(incoming, folder).catch((error: NodeJS.ErrnoException) => {
      // Another run was faster; its folder is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return folder;
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

/** A tool that brings something into the cache. */
export function fetchTool(
  command: string,
  args: readonly string[],
  more: { cwd?: string; env?: Record<string, string> } = {},
): Promise<ToolOutput> {
  return runTool(command, args, { timeoutMs: patienceMs, maximumOutputBytes: 10_000_000, ...more });
}

export function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0]?.slice(0, 300) ?? '';
}
