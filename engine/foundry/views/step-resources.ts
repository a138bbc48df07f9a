import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { piiPack, type PiiPack } from '#core/foundry/pii/pii-pack.ts';

/** A file of tasks that rows are compared with (D-12): of a benchmark, a model's held-out rows, or the test rows of a dataset version. */
const taskFile = z.object({ set: z.string(), path: z.string(), kind: z.enum(['tasks', 'rows', 'test-rows']) });
export type TaskFile = z.infer<typeof taskFile>;

/** What steps and checks need beside the rows. Found when a job is started and kept with it, so that a resumed job finds the same. */
export const stepResources = z.object({ packs: z.array(piiPack), taskFiles: z.array(taskFile) });
export type StepResources = z.infer<typeof stepResources>;

export interface ResourcePlaces {
  readonly appDirectory: string;
  /** FORGE_HOME/models */
  readonly models: string;
  /** FORGE_HOME/store: the file of a digest. */
  readonly rowsFileOf: (version: DatasetVersion) => string;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

async function existing(files: readonly TaskFile[]): Promise<TaskFile[]> {
  const there = await Promise.all(files.map(async ({ path: file }) => (await stat(file).catch(() => null))?.isFile()));
  return files.filter((_, index) => there[index] === true);
}

/** `domains/<id>/` holds benchmarks in files called `tasks` or `benchmark`, one task a line. */
async function domainTasks(appDirectory: string): Promise<TaskFile[]> {
  const domains = path.join(appDirectory, 'domains');
  const found = (await namesIn(domains)).map(async (domain) =>
    (await namesIn(path.join(domains, domain)))
      .filter((name) => /^(tasks|benchmark)[\w.-]*\.jsonl$/.test(name))
      .map((name) => ({
        set: `${domain}/${name.replace('.jsonl', '')}`,
        path: path.join(domains, domain, name),
        kind: 'tasks' as const,
      })),
  );
  return (await Promise.all(found)).flat();
}

async function modelTasks(models: string): Promise<TaskFile[]> {
  const found = (await namesIn(models)).map(async (name) =>
    (await namesIn(path.join(models, name)))
      .filter((version) => /^v\d+$/.test(version))
      .map((version) => ({
        set: `${name}:${version}`,
        path: path.join(models, name, version, 'data', 'held-out.jsonl'),
        kind: 'rows' as const,
      })),
  );
  return existing((await Promise.all(found)).flat());
}

/** All packs that are shipped; a version's domain chooses among them. */
export async function readPiiPacks(appDirectory: string): Promise<PiiPack[]> {
  const text = await readFile(path.join(appDirectory, 'resources', 'checks', 'pii-packs.json'), 'utf8');
  return z.array(piiPack).parse(JSON.parse(text));
}

/** Every set of tasks that is installed, but not the test rows of the dataset itself. */
export async function findTaskFiles(
  places: ResourcePlaces,
  versions: readonly DatasetVersion[],
  name: string,
): Promise<TaskFile[]> {
  const ofVersions = versions
    .filter((version) => version.name !== name && version.recipe.split !== null)
    .map((version) => ({
      set: `${version.name}:v${version.version}`,
      path: places.rowsFileOf(version),
      kind: 'test-rows' as const,
    }));
  return [...(await domainTasks(places.appDirectory)), ...(await modelTasks(places.models)), ...ofVersions];
}
