import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

/** What is remembered of a file that Forge made or fetched: `<file>.about.json` beside it. */
export const keptAbout = z.object({
  v: z.literal(1),
  label: z.string().max(500),
  /** One sentence: where it is from. */
  about: z.string().max(2000),
  rows: z.number().int().nonnegative().nullable(),
});
export type KeptAbout = z.infer<typeof keptAbout>;

const aboutEnding = '.about.json';

export function aboutPath(file: string): string {
  return `${file}${aboutEnding}`;
}

export function isAboutFile(name: string): boolean {
  return name.endsWith(aboutEnding);
}

export async function writeAbout(file: string, about: KeptAbout): Promise<void> {
  await writeJsonAtomic(aboutPath(file), about);
}

/** Null when nothing usable is written about it: the file itself still counts. */
export async function readAbout(file: string): Promise<KeptAbout | null> {
  try {
    return keptAbout.parse(JSON.parse(await readFile(aboutPath(file), 'utf8')));
  } catch {
    // Missing, torn or of a later version: the list then shows the file's name.
    return null;
  }
}
