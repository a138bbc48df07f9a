import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ForgeError } from '#contract/errors.ts';

const packageNames: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

/** Where Electron puts, beside the packed app's data, what cannot be loaded from inside of its archive. */
const unpackedFolder = path.join('..', 'app.asar.unpacked');

/**
 * Full path of the llama.cpp library inside the package that serves models. Quantising and parity checks load this very file, so what is measured
 * is what is served (law 2).
 * @throws ForgeError `export.library-missing` when the package for this system is not installed.
 */
export function findLlamaLibrary(appDirectory: string): string {
  const system = `${process.platform}-${process.arch}`;
  const library = path.join('node_modules', '@node-llama-cpp', packageNames[system] ?? system, 'bins');
  const folder = path.join(appDirectory, library);
  const found = [folder, path.join(appDirectory, unpackedFolder, library)]
    .flatMap(listFiles)
    .find((file) => /^(lib)?llama(\.v?[\d.]+)?\.(so|dylib|dll)$/.test(path.basename(file)));
  if (found === undefined) throw new ForgeError('export.library-missing', { system, folder });
  return found;
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
