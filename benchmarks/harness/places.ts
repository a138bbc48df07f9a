import { homedir } from 'node:os';
import path from 'node:path';

export const repositoryRoot = path.resolve(import.meta.dirname, '..', '..');

/** Heavy things that outlive a clone, shared with the tests (scripts/run-tests.ts). */
export const cacheFolder = process.env['FORGE_TEST_CACHE'] ?? path.join(homedir(), '.cache', 'forge-tests');

export function inRepository(...names: readonly string[]): string {
  return path.join(repositoryRoot, ...names);
}

/** The entries that are started as processes; nothing of theirs is imported. */
export const commandLineEntry = inRepository('cli', 'main.ts');
export const engineEntry = inRepository('engine', 'main.headless.ts');
