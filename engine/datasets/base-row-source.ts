import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { catalogueFile, type CatalogueEntry } from '#contract/base-models.ts';
import { jsonOrNull } from '#contract/json-text.ts';
import type { BaseModelStore } from '#core/base-models/create-base-model-store.ts';
import { findEntry } from '#core/base-models/find-entry.ts';
import type { RowSource } from '#core/ports/row-tokeniser.ts';
import { readFolderTemplate } from '#native-bridge/base-models/read-folder-template.ts';
import type { HomeLayout } from '../home-layout.ts';

/** How a row can be shown for a base, the most exact first; `family` is the last resort and null where it is not known. */
export interface BaseRowSources {
  readonly id: string;
  readonly exact: RowSource | null;
  readonly family: CatalogueEntry['template'] | null;
}

export interface RowSourceOptions {
  readonly bases: Pick<BaseModelStore, 'resolve' | 'defaultId'>;
  readonly layout: Pick<HomeLayout, 'baseModel'>;
  readonly appDirectory: string;
}

/** Where the words and tokens of a base model are, without fetching anything. @throws ForgeError base-model.* */
export async function rowSourcesOf(base: string | null, options: RowSourceOptions): Promise<BaseRowSources> {
  const { bases, layout, appDirectory } = options;
  const resolved = await bases.resolve(base ?? (await bases.defaultId()));
  const known = { id: resolved.id, family: await familyOf(resolved.id, appDirectory) };
  const { source, digest } = resolved;
  if (source?.kind === 'gguf') return { ...known, exact: { kind: 'gguf', path: source.path } };
  const exported = await exportedFile(layout.baseModel(resolved.id), digest);
  if (exported !== null) return { ...known, exact: { kind: 'gguf', path: exported } };
  const template = source === null ? null : await readFolderTemplate(source.path);
  if (source === null || template === null) return { ...known, exact: null };
  return { ...known, exact: { kind: 'template', path: source.path, ...template } };
}

async function familyOf(id: string, appDirectory: string): Promise<CatalogueEntry['template'] | null> {
  const text = await readFile(path.join(appDirectory, 'resources', 'catalogue.json'), 'utf8');
  return findEntry(catalogueFile.parse(JSON.parse(text)), id)?.template ?? null;
}

const preparedFor = z.looseObject({ sourceDigest: z.string() });

/** A GGUF that an earlier chain made of the very same files; the smallest, since only its header is read. */
async function exportedFile(folder: string, digest: string | null): Promise<string | null> {
  const stamp = await readFile(path.join(folder, 'prepared.json'), 'utf8').catch(() => 'null');
  if (digest === null || preparedFor.safeParse(jsonOrNull(stamp)).data?.sourceDigest !== digest) return null;
  const names = await readdir(path.join(folder, 'gguf')).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.gguf'))
      .map(async (name) => ({ name, size: (await stat(path.join(folder, 'gguf', name))).size })),
  );
  const [smallest] = files.toSorted((a, b) => a.size - b.size);
  return smallest === undefined ? null : path.join(folder, 'gguf', smallest.name);
}
