import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that tools make (.gitignore), those of git, and the tree that is wrong on purpose. */
const leftOut = new Set(
  ['node_modules', '.git', '.cache', '.pytest_cache', '.ruff_cache', '__pycache__', '.venv', 'dist', 'coverage'].concat(
    'tests/architecture/planted',
  ),
);

export interface RepositoryFile {
  /** From the root, with slashes. */
  readonly path: string;
  text(): string;
}

/** The source files of the repository whose names end in one of `endings`; all of them when none is given. */
export function repositoryFiles(...endings: readonly string[]): RepositoryFile[] {
  return walk('').filter((file) => endings.length === 0 || endings.some((ending) => file.path.endsWith(ending)));
}

function walk(folder: string): RepositoryFile[] {
  return readdirSync(path.join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (leftOut.has(entry.name) || leftOut.has(inside)) return [];
    if (entry.isDirectory()) return walk(inside);
    if (!entry.isFile()) return [];
    return [{ path: inside, text: () => readFileSync(path.join(repositoryRoot, inside), 'utf8') }];
  });
}
