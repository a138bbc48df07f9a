import { stat } from 'node:fs/promises';
import type { BaseModelView } from '#contract/base-models.ts';
import type { BuildFile } from '#contract/build-file.ts';
import type { ServedModel } from '#contract/serving.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import { createServedModels, type ServedModels } from '../http/openai-served-models.ts';
import { outputOf } from '../main-job/runner.ts';

/** A model on this machine that a pane can take. */
export interface LocalModel {
  /** `support:v3`, or the id of a base. */
  readonly name: string;
  readonly label: string;
  readonly kind: 'version' | 'base';
  readonly path: string;
}

export interface LocalModelSources {
  /** Finished versions under their names. */
  servable(): Promise<readonly ServedModel[]>;
  /** Main jobs, newest first: they say which file of a base was measured. */
  builds(): Promise<readonly BuildFile[]>;
  bases(): Promise<readonly BaseModelView[]>;
}

const versionName = /:v\d+$/;

/**
 * Versions, then bases. Of a base it is the file its newest main job measured, so that "before" here is the "before" of the result; else
 * the file it came as.
 */
export async function listLocalModels(sources: LocalModelSources): Promise<LocalModel[]> {
  const [servable, builds, bases] = await Promise.all([sources.servable(), sources.builds(), sources.bases()]);
  const versions = servable
    .filter(({ name }) => versionName.test(name))
    .map(({ name, path }): LocalModel => ({ name, label: name, kind: 'version', path }));
  const measured = measuredBases(builds);
  const baseModels = await Promise.all(bases.map((base) => baseOnDisk(base, measured.get(base.id))));
  return [...versions.toSorted((a, b) => a.name.localeCompare(b.name)), ...baseModels.flat()];
}

async function baseOnDisk(
  { id, name, state, files, facts }: BaseModelView,
  measured: string | undefined,
): Promise<LocalModel[]> {
  const isUsable = state === 'ready' && files?.kind === 'gguf' && facts?.hasChatTemplate !== false;
  for (const path of [measured, isUsable ? files.path : undefined])
    if (path !== undefined && (await isFile(path))) return [{ name: id, label: name, kind: 'base', path }];
  return [];
}

function measuredBases(builds: readonly BuildFile[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const build of builds) {
    const states = [build.steps['base']?.state, build.steps['base-export']?.state];
    if (!states.every((state) => state === 'done' || state === 'reused')) continue;
    const { id } = outputOf(build, 'base');
    if (!paths.has(id)) paths.set(id, outputOf(build, 'base-export').path);
  }
  return paths;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return false;
    throw error;
  }
}

/**
 * The model processes of comparisons. They are apart from those that serve: comparing must not take the served model out of memory. Two,
 * because most comparisons on this machine are of two models; what does not fit beside another takes its place.
 */
export function createLocalServers(startServer: () => ModelServer, sources: LocalModelSources): ServedModels {
  return createServedModels({
    startServer,
    maximumLoaded: 2,
    source: async () => (await listLocalModels(sources)).map(({ name, path }) => ({ name, path, createdAtMs: 0 })),
  });
}
