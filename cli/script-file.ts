import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { scriptName, scriptSource } from '#contract/scripts.ts';
import { usageFailure } from './failure.ts';

const largestBytes = 65_536;

export interface ScriptFile {
  /** A name made of the file's. */
  readonly script: string;
  readonly source: string;
}

/** A name for a script out of its file's: small letters, digits and hyphens. */
function nameOf(file: string): string {
  const plain = path.basename(file, path.extname(file)).toLowerCase();
  const name = plain
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return scriptName.safeParse(name).success ? name : 'script';
}

/** A person's script. @throws a usage failure for what is no file, empty, or too large */
export async function readScriptFile(given: string, workingDirectory: string): Promise<ScriptFile> {
  const file = path.resolve(workingDirectory, given);
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) throw usageFailure(`There is no file at ${given}.`, 'Check the spelling of the path.');
  const source = size > largestBytes ? '' : await readFile(file, 'utf8');
  if (!scriptSource.safeParse(source).success)
    throw usageFailure(
      `${given} has ${size} bytes; a script has 1 to ${largestBytes}.`,
      'Name the Python file with transform(row).',
    );
  return { script: nameOf(file), source };
}
