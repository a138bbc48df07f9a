import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { stepOutcome, type DatasetVersion, type StepOutcome, type ViewStep } from '#contract/dataset-versions.ts';
import { versionFolder, type StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

/** What steps did to a version: `datasets/<name>/v<n>/views/<key>.json`. May be deleted at any time; it goes with the version. */
const keptView = z.object({ schema: z.literal('forge.view/1'), outcomes: z.array(stepOutcome) });

/** Names the steps over the very rows of a version. */
export function viewKey({ digest }: DatasetVersion, steps: readonly ViewStep[]): string {
  return hash('sha256', JSON.stringify([digest, steps])).slice(0, 32);
}

function viewFile(folders: StoreFolders, version: DatasetVersion, steps: readonly ViewStep[]): string {
  return path.join(versionFolder(folders, version), 'views', `${viewKey(version, steps)}.json`);
}

export async function keepView(
  folders: StoreFolders,
  version: DatasetVersion,
  view: { readonly steps: readonly ViewStep[]; readonly outcomes: readonly StepOutcome[] },
): Promise<void> {
  const file = viewFile(folders, version, view.steps);
  await mkdir(path.dirname(file), { recursive: true });
  await writeJsonAtomic(file, { schema: 'forge.view/1', outcomes: view.outcomes });
}

export async function readView(
  folders: StoreFolders,
  version: DatasetVersion,
  steps: readonly ViewStep[],
): Promise<StepOutcome[] | null> {
  return readKept(viewFile(folders, version, steps), (value) => keptView.parse(value).outcomes);
}

/** A file that Forge keeps beside a version; null where there is none, or none that can be read any more. */
export async function readKept<T>(file: string, parse: (value: unknown) => T): Promise<T | null> {
  try {
    return parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isGone || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
