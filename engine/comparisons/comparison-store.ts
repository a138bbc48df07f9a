import { appendFile, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { comparisonSettings, comparisonView } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { scoringSpec } from '#contract/evaluation.ts';
import { comparedEntry } from '#core/comparisons/compared-entry.ts';
import { turnChange, type TurnChange } from '#core/comparisons/turn-change.ts';
import { syncFolder, writeFileAtomic, writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { readIfThere } from '#native-bridge/files/read-if-there.ts';
import { namesIn } from '#native-bridge/files/names-in.ts';

/** `comparison.json`. What can be told from the turns stands in `summary` only so that a list need not read them. */
const comparisonHead = z.object({
  v: z.literal(1),
  id: z.string(),
  title: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  state: comparisonView.shape.state,
  settings: comparisonSettings,
  models: z.array(comparedEntry).min(2).max(4),
  scoring: scoringSpec.nullable(),
  seed: z.number().int().nonnegative(),
  requestId: z.string(),
  /** Counted against the limit; where a price is not known it is a guess that is never shown. */
  countedUsd: z.number().nonnegative(),
  summary: comparisonView.pick({
    models: true,
    isSet: true,
    turns: true,
    finishedTurns: true,
    spentUsd: true,
    tally: true,
    meanPoints: true,
  }),
  /** Milliseconds an answer of each model takes, for the estimates of later comparisons. */
  answerMs: z.array(z.number().nullable()),
});
export type ComparisonHead = z.infer<typeof comparisonHead>;

/** Comparisons on disk: `FORGE_HOME/comparisons/<id>/{comparison.json, turns.jsonl}`. */
export interface ComparisonStore {
  /** Newest first; folders that cannot be read are left out. */
  list(): Promise<ComparisonHead[]>;
  /** @throws ForgeError `engine.not-found`, `comparison.damaged` */
  load(id: string): Promise<{ head: ComparisonHead; changes: TurnChange[] }>;
  create(head: ComparisonHead, changes: readonly TurnChange[]): Promise<void>;
  saveHead(head: ComparisonHead): Promise<void>;
  /** On the disk when it resolves. */
  append(id: string, changes: readonly TurnChange[]): Promise<void>;
  remove(id: string): Promise<boolean>;
}

const headFile = 'comparison.json';
const turnsFile = 'turns.jsonl';
const idPattern = /^[a-z0-9][a-z0-9-]{3,60}$/;

export function createComparisonStore(directory: string): ComparisonStore {
  const folderOf = (id: string): string => {
    // The id comes from outside and becomes a path.
    if (!idPattern.test(id)) throw notFound(id);
    return path.join(directory, id);
  };
  const readHead = async (id: string): Promise<ComparisonHead | null> => {
    const text = await readIfThere(path.join(folderOf(id), headFile));
    if (text === null) return null;
    try {
      return comparisonHead.parse(JSON.parse(text));
    } catch (cause) {
      throw new ForgeError('comparison.damaged', { id, reason: `${headFile} is not one Forge wrote` }, { cause });
    }
  };
  return {
    async list() {
      const heads: ComparisonHead[] = [];
      for (const id of await namesIn(directory)) {
        if (!idPattern.test(id)) continue;
        // One that is damaged must not hide the others; opening it says what is wrong.
        const head = await readHead(id).catch((error: unknown) => {
          if (error instanceof ForgeError) return null;
          throw error;
        });
        if (head !== null) heads.push(head);
      }
      return heads.sort((a, b) => b.createdAt - a.createdAt);
    },
    async load(id) {
      const head = await readHead(id);
      if (head === null) throw notFound(id);
      return { head, changes: parseLines((await readIfThere(path.join(folderOf(id), turnsFile))) ?? '') };
    },
    async create(head, changes) {
      const folder = folderOf(head.id);
      await mkdir(folder, { recursive: true });
      try {
        await writeFileAtomic(path.join(folder, turnsFile), linesOf(changes));
        // The head last: a folder without one is no comparison.
        await writeJsonAtomic(path.join(folder, headFile), head);
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      await syncFolder(directory);
    },
    saveHead: (head) => writeJsonAtomic(path.join(folderOf(head.id), headFile), head),
    async append(id, changes) {
      const file = path.join(folderOf(id), turnsFile);
      const lines = linesOf(changes);
      await appendFile(file, (await endsInHalfALine(file)) ? `\n${lines}` : lines, { flush: true });
    },
    async remove(id) {
      const folder = folderOf(id);
      const wasThere = (await namesIn(directory)).includes(id);
      await rm(folder, { recursive: true, force: true });
      return wasThere;
    },
  };
}

function notFound(id: string): ForgeError {
  return new ForgeError('engine.not-found', { kind: 'comparison', id: id.slice(0, 60), command: 'compare' });
}

const linesOf = (changes: readonly TurnChange[]): string =>
  changes.map((change) => `${JSON.stringify(change)}\n`).join('');

/** Whole lines that are understood; the half line of a kill is left out, and what it told of is asked again. */
function parseLines(text: string): TurnChange[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = turnChange.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}

/** After a kill in the middle of a write the next line must not be glued to what is left of the last. */
async function endsInHalfALine(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await handle.close();
  }
}
