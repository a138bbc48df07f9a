import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The program of the installed Electron runtime, or null. The package itself is never loaded: that would start a download. */
export function findElectron(): string | null {
  const folder = path.resolve(import.meta.dirname, '..', 'node_modules', 'electron');
  const nameFile = path.join(folder, 'path.txt');
  const program = (existsSync(nameFile) && readFileSync(nameFile, 'utf8').trim()) || 'electron';
  const places = [process.env['ELECTRON_OVERRIDE_DIST_PATH'], path.join(folder, 'dist')];
  const found = places.flatMap((place) => (place ? [path.join(place, program)] : [])).find((file) => existsSync(file));
  return found ?? null;
}
