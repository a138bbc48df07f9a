import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ImportRequest } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { parseHubSource } from '#contract/hub-datasets.ts';
import { say } from '#contract/sentences.ts';
import { listRecordFiles, type RecordFile } from '#native-bridge/datasets/reading/list-record-files.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';

const plannedFile = z.object({
  path: z.string(),
  entry: z.string().optional(),
  name: z.string(),
  /** What rows call it: unique in the import, never an absolute path. */
  uri: z.string(),
  sizeBytes: z.number(),
  /** It is still the same file while these agree. */
  mtimeMs: z.number(),
  inode: z.number(),
  /** It came from a dataset of the hub. */
  isHub: z.boolean().default(false),
  /** Named by the person, not found in a folder: when it cannot be read the import fails. */
  isNamed: z.boolean(),
});
export type PlannedFile = z.infer<typeof plannedFile>;

const importPlan = z.object({ files: z.array(plannedFile), warnings: z.array(z.string()) });
/** The files of an import in their order, fixed before the first is read, so that a resumed import reads the same ones. */
export type ImportPlan = z.infer<typeof importPlan>;

const planFile = 'plan.json';
const mostWarnings = 20;

function uniqueUri({ name, path: file }: RecordFile, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const withFolder = `${path.basename(path.dirname(file))}/${name}`;
  for (let copy = 1, uri = withFolder; ; copy += 1, uri = `${withFolder} (${copy})`) if (!taken.has(uri)) return uri;
}

async function planned(file: RecordFile, place: Place, taken: Set<string>): Promise<PlannedFile> {
  const { mtimeMs, ino } = await stat(file.path);
  const uri = uniqueUri(place.hub === null ? file : { ...file, name: `${place.hub}/${file.name}` }, taken);
  taken.add(uri);
  return { ...file, uri, mtimeMs, inode: ino, isNamed: place.isNamed, isHub: place.hub !== null };
}

interface Place {
  readonly isNamed: boolean;
  /** `owner/name` of a dataset of the hub, which was fetched. */
  readonly hub: string | null;
}

/** What to import; where the datasets of the hub among it lie since they were fetched, and files that the job itself made and that will stand there later. */
export type ImportOrder = ImportRequest & {
  readonly fetched?: Readonly<Record<string, string>> | undefined;
  readonly made?: Readonly<Record<string, string>> | undefined;
};

function hubName(given: string): string {
  return parseHubSource(given)?.repository ?? given.replace(/^hf:/i, '');
}

async function makePlan({ paths, fetched, made }: ImportOrder): Promise<ImportPlan> {
  const [files, warnings, taken]: [PlannedFile[], string[], Set<string>] = [[], [], new Set()];
  for (const given of paths) {
    const local = fetched?.[given];
    const found = await listRecordFiles(local ?? made?.[given] ?? given);
    const place = { isNamed: found.files.length === 1, hub: local === undefined ? null : hubName(given) };
    for (const file of found.files) files.push(await planned(file, place, taken));
    for (const { name, reason } of found.ignored)
      if (warnings.length < mostWarnings) warnings.push(say('dataset.file-skipped', { name, reason }));
  }
  return { files, warnings };
}

/** The plan of the first start, or a new one. @throws ForgeError dataset.* */
export async function planOf(request: ImportOrder, folder: string): Promise<ImportPlan> {
  const file = path.join(folder, planFile);
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept !== null) return importPlan.parse(JSON.parse(kept));
  const plan = await makePlan(request);
  await writeJsonAtomic(file, plan);
  return plan;
}

/** D-4: a file that changed while it was read fails the import, over pauses too. @throws ForgeError dataset.changed-while-reading */
export async function requireUnchanged({ path: file, mtimeMs, inode }: PlannedFile): Promise<void> {
  const now = await stat(file).catch(() => null);
  if (now?.mtimeMs === mtimeMs && now.ino === inode) return;
  throw new ForgeError('dataset.changed-while-reading', { path: file });
}
