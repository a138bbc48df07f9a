import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const driver = path.join('python-env', 'forge_sandbox', 'driver.py');

/** Where an application keeps its files: beside the code, below `forge/` in a packed desktop app, or unpacked beside an archive. */
function placesIn(folder: string): string[] {
  return [folder.replace(/\bapp\.asar\b/, 'app.asar.unpacked'), folder, path.join(folder, 'forge')];
}

/** A file of the application, looked for from this one upwards: from source as in a bundle. Programs outside Electron can read what is found. */
function appFile(name: string): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const found = placesIn(folder).find((place) => existsSync(path.join(place, name)));
    if (found !== undefined) return path.join(found, name);
    if (folder === path.dirname(folder)) throw new Error(`there is no ${name} above ${import.meta.dirname}`);
  }
}

/** The Python half of every sandbox. */
export function readDriver(): Promise<string> {
  return readFile(appFile(driver), 'utf8');
}

/** Pyodide's files. */
export function pyodideFolder(): string {
  return path.dirname(appFile(path.join('node_modules', 'pyodide', 'pyodide.mjs')));
}

/** What Deno runs. */
export function denoEntryFile(): string {
  return appFile(path.join('python-env', 'forge_sandbox', 'deno-entry.mjs'));
}

/** The attempts to get out, as a script. */
export function escapeAttemptsFile(): string {
  return appFile(path.join('python-env', 'forge_sandbox', 'escape_attempts.py'));
}

const pyodideNames = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json'];

/** Everything the origin of a sandbox page may serve, by name. */
export function pageFiles(): ReadonlyMap<string, string> {
  const own = path.dirname(appFile(driver));
  return new Map([
    ...['index.html', 'page.mjs', 'worker.mjs'].map((name) => [name, path.join(own, 'page', name)] as const),
    ...['driver.py', 'pyodide-python.mjs'].map((name) => [name, path.join(own, name)] as const),
    ...pyodideNames.map((name) => [name, path.join(pyodideFolder(), name)] as const),
  ]);
}
