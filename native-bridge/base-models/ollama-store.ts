import { open, readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { OllamaCopy } from '#core/ports/base-model-store.ts';

const manifest = z.object({
  layers: z
    .array(
      z.object({
        mediaType: z.string(),
        digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        size: z.number().int().positive(),
      }),
    )
    .max(100),
});
const modelLayer = 'application/vnd.ollama.image.model';
const maximumManifestBytes = 1_000_000;

/** Folders where an Ollama on this machine keeps its models, the one that is set first. */
export function ollamaFolders(own: Readonly<Record<string, string | undefined>>, home = homedir()): readonly string[] {
  const set = own['OLLAMA_MODELS'];
  const usual = [join(home, '.ollama', 'models'), '/usr/share/ollama/.ollama/models', '/var/lib/ollama/.ollama/models'];
  return set === undefined || set === '' ? usual : [set, ...usual];
}

/**
 * Looks for a model in Ollama's store: manifests/<host>/library/<model>/<tag> names the layers, blobs/sha256-<digest> holds them. Only a layer that is a
 * whole GGUF file counts. The file is used where it lies; a store that cannot be read is passed over.
 */
export async function findInOllama(folders: readonly string[], names: readonly string[]): Promise<OllamaCopy | null> {
  for (const name of names) {
    for (const folder of folders) {
      const copy = await findOne(folder, name);
      if (copy !== null) return copy;
    }
  }
  return null;
}

async function findOne(folder: string, name: string): Promise<OllamaCopy | null> {
  const [model, tag] = name.split(':');
  if (!model || !tag) return null;
  for (const host of await readable(readdir(join(folder, 'manifests')), [] as string[])) {
    const path = join(folder, 'manifests', host, 'library', model, tag);
    const { size } = await readable(stat(path), { size: 0 });
    if (size === 0 || size > maximumManifestBytes) continue;
    const parsed = manifest.safeParse(parseJson(await readable(readFile(path, 'utf8'), '')));
    const layer = parsed.data?.layers.find(({ mediaType }) => mediaType === modelLayer);
    if (!layer) continue;
    const blob = join(folder, 'blobs', layer.digest.replace(':', '-'));
    if (await isWholeGguf(blob, layer.size))
      return { name, path: blob, digest: layer.digest.slice(7), sizeBytes: layer.size };
  }
  return null;
}

async function isWholeGguf(path: string, sizeBytes: number): Promise<boolean> {
  const { size } = await readable(stat(path), { size: -1 });
  if (size !== sizeBytes) return false;
  const file = await readable(open(path, 'r'), null);
  if (file === null) return false;
  try {
    const magic = Buffer.alloc(4);
    await file.read(magic, 0, 4, 0);
    return magic.toString('latin1') === 'GGUF';
  } finally {
    await file.close();
  }
}

/** The answer, or `otherwise` when the file is not there or belongs to another user. */
async function readable<T, Otherwise>(answer: Promise<T>, otherwise: Otherwise): Promise<T | Otherwise> {
  try {
    return await answer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EISDIR') return otherwise;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a manifest of a download in progress: not a model yet.
    return null;
  }
}
