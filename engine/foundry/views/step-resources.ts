import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ShownDomain } from '#contract/domain-packs.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { piiDetectors } from '#core/foundry/pii/domain-detectors.ts';
import { piiPack, type PiiPack } from '#core/foundry/pii/pii-pack.ts';
import { namesIn } from '#native-bridge/files/names-in.ts';
import { tokenizerFiles } from './token-stage.ts';

/** A file of tasks that rows are compared with (D-12): of a benchmark, a model's held-out rows, or the test rows of a dataset version. */
const taskFile = z.object({ set: z.string(), path: z.string(), kind: z.enum(['tasks', 'rows', 'test-rows']) });
export type TaskFile = z.infer<typeof taskFile>;

/** What steps and checks need beside the rows. Found when a job is started and kept with it, so that a resumed job finds the same. */
export const stepResources = z.object({
  detectors: piiDetectors,
  /** Domains whose packs ask for a review of personal data before a version is frozen. */
  guardedDomains: z.array(z.string()),
  taskFiles: z.array(taskFile),
  tokenizers: tokenizerFiles.default([]),
});
export type StepResources = z.infer<typeof stepResources>;

export interface ResourcePlaces {
  /** FORGE_HOME/models */
  readonly models: string;
  /** FORGE_HOME/store: the file of a digest. */
  readonly rowsFileOf: (version: DatasetVersion) => string;
}

async function existing(files: readonly TaskFile[]): Promise<TaskFile[]> {
  const there = await Promise.all(files.map(async ({ path: file }) => (await stat(file).catch(() => null))?.isFile()));
  return files.filter((_, index) => there[index] === true);
}

function tasksAt(domain: string, file: string): TaskFile {
  return { set: `${domain}/${path.basename(file).replace(/\.jsonl$/, '')}`, path: file, kind: 'tasks' };
}

/** Files called `tasks` or `benchmark` that lie beside a pack, one task a line. */
async function tasksBelow(domains: string): Promise<TaskFile[]> {
  const found = (await namesIn(domains)).map(async (domain) =>
    (await namesIn(path.join(domains, domain)))
      .filter((name) => /^(tasks|benchmark)[\w.-]*\.jsonl$/.test(name))
      .map((name) => tasksAt(domain, path.join(domains, domain, name))),
  );
  return (await Promise.all(found)).flat();
}

/** The tasks that packs name (`eval.tasks`), and those that lie in the folders of packs, shipped and own. */
async function domainTasks(domains: readonly ShownDomain[]): Promise<TaskFile[]> {
  const named = domains.flatMap(({ id, file, pack }) =>
    pack?.eval.tasks === undefined ? [] : [tasksAt(id, path.join(path.dirname(file), pack.eval.tasks))],
  );
  const folders = [...new Set(domains.map(({ file }) => path.dirname(file)))];
  const lying = (await Promise.all(folders.map(tasksBelow))).flat();
  const files = new Map([...(await existing(named)), ...lying].map((task) => [task.path, task]));
  return [...files.values()];
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

/** All packs of detectors that are shipped; domains switch them on. */
export async function readPiiPacks(appDirectory: string): Promise<PiiPack[]> {
  const text = await readFile(path.join(appDirectory, 'resources', 'checks', 'pii-packs.json'), 'utf8');
  return z.array(piiPack).parse(JSON.parse(text));
}

/** Every set of tasks that is installed, but not the test rows of the dataset itself. */
export async function findTaskFiles(
  places: ResourcePlaces,
  installed: { readonly versions: readonly DatasetVersion[]; readonly domains: readonly ShownDomain[] },
  name: string,
): Promise<TaskFile[]> {
  const ofVersions = installed.versions
    .filter((version) => version.name !== name && version.recipe.split !== null)
    .map((version) => ({
      set: `${version.name}:v${version.version}`,
      path: places.rowsFileOf(version),
      kind: 'test-rows' as const,
    }));
  return [...(await domainTasks(installed.domains)), ...(await modelTasks(places.models)), ...ofVersions];
}
