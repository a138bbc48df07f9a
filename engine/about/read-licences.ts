import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { LicenceEntry } from '#contract/settings.ts';

/** `resources/licences.json`, written by scripts/collect-licences.ts: each text once, holders with their package. */
const licencesFile = z.object({
  v: z.literal(1),
  texts: z.array(z.string()),
  entries: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      /** SPDX expression. */
      licence: z.string().min(1),
      copyright: z.string().optional(),
      /** Place in `texts`. */
      text: z.number().int().nonnegative(),
    }),
  ),
});

/** Licences of everything that is part of the product, by name. Read when asked for: nobody needs them in memory. */
export async function readLicences(appDirectory: string): Promise<LicenceEntry[]> {
  const file = path.join(appDirectory, 'resources', 'licences.json');
  const { texts, entries } = licencesFile.parse(JSON.parse(await readFile(file, 'utf8')));
  return entries.map(({ name, version, licence, copyright, text }) => ({
    name,
    version,
    licence,
    text: [copyright, texts[text]].filter((piece) => piece !== undefined && piece !== '').join('\n\n'),
  }));
}
