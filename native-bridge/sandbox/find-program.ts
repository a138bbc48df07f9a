import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The first of some programs that can be run, looked for in the folders of PATH; null when there is none. An absolute name is taken as it is. */
export function findProgram(names: readonly string[], environment: NodeJS.ProcessEnv): string | null {
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const places = names.flatMap((name) =>
    path.isAbsolute(name) ? [name] : folders.flatMap((folder) => endings.map((end) => path.join(folder, name + end))),
  );
  return places.find(canRun) ?? null;
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return false;
    throw error;
  }
}
