import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { mainJobDraft, type MainJobDraft } from '#contract/drafts.ts';
import type { Logger } from '#core/ports/logger.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { oneByOne } from '../one-by-one.ts';

/** Half-made main jobs, `FORGE_HOME/drafts/<id>.json`. */
export interface DraftService {
  /** Newest first. A file that cannot be read is set aside under another name and told in the log. */
  list(): Promise<MainJobDraft[]>;
  save(draft: Omit<MainJobDraft, 'updatedAt'>): Promise<MainJobDraft>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

export interface DraftServiceOptions {
  readonly folder: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** Most drafts that are kept; the ones not touched for longest go. */
export const keptDrafts = 50;
/** A draft holds decisions, no data: a larger file is not one. */
const maximumCharacters = 1_000_000;
const fileName = /^([a-z0-9-]{8,40})\.json$/;

export function createDraftService(options: DraftServiceOptions): DraftService {
  const { folder, nowMs } = options;
  const inTurn = oneByOne();
  const fileOf = (id: string): string => path.join(folder, `${mainJobDraft.shape.id.parse(id)}.json`);
  return {
    list: () => inTurn(() => readAll(options)),
    save: (given) =>
      inTurn(async () => {
        const others = (await readAll(options)).filter(({ id }) => id !== given.id);
        // Two saves within a millisecond, or a clock set back: the newest still comes first.
        const updatedAt = Math.max(nowMs(), (others[0]?.updatedAt ?? 0) + 1);
        const draft = mainJobDraft.parse({ ...given, updatedAt });
        await mkdir(folder, { recursive: true });
        await writeJsonAtomic(fileOf(draft.id), draft);
        for (const { id } of others.slice(keptDrafts - 1)) await rm(fileOf(id), { force: true });
        return draft;
      }),
    remove: (id) =>
      inTurn(async () => {
        try {
          await rm(fileOf(id));
          return true;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
          throw error;
        }
      }),
  };
}

async function readAll({ folder, logger }: DraftServiceOptions): Promise<MainJobDraft[]> {
  const drafts: MainJobDraft[] = [];
  for (const name of await namesIn(folder)) {
    const [, id] = fileName.exec(name) ?? [];
    if (id === undefined) continue;
    const file = path.join(folder, name);
    const draft = await readDraft(file, id);
    if (draft !== null) {
      drafts.push(draft);
      continue;
    }
    await rename(file, `${file}.damaged`);
    logger.warn({ file }, 'a draft could not be read and was set aside');
  }
  return drafts.toSorted((a, b) => b.updatedAt - a.updatedAt);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function readDraft(file: string, id: string): Promise<MainJobDraft | null> {
  const text = await readFile(file, 'utf8');
  if (text.length > maximumCharacters) return null;
  try {
    const draft = mainJobDraft.parse(JSON.parse(text));
    return draft.id === id ? draft : null;
  } catch {
    // Not JSON, or not a draft of this version: the caller sets the file aside.
    return null;
  }
}
