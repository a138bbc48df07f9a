import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { catalogueFile } from '#contract/base-models.ts';
import { findEntry } from '#core/base-models/find-entry.ts';
import { inspectModel } from '#native-bridge/base-models/inspect-model.ts';

/** Tokens that a base takes in: of the catalogue by its names, of a model file or folder by what it says of itself; null where neither knows. */
export async function contextTokensOf(base: string, appDirectory: string): Promise<number | null> {
  if (path.isAbsolute(base)) return (await inspectModel(base).catch(() => null))?.facts?.contextLength ?? null;
  const text = await readFile(path.join(appDirectory, 'resources', 'catalogue.json'), 'utf8');
  return findEntry(catalogueFile.parse(JSON.parse(text)), base)?.facts.contextLength ?? null;
}
