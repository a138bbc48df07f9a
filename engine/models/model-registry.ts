import { rm, stat } from 'node:fs/promises';
import type { BuildFile } from '#contract/build-file.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { ServedModel } from '#contract/serving.ts';
import { isBarren } from '#core/main-job/build.ts';
import { directoryBytes } from '#native-bridge/files/directory-bytes.ts';
import type { BuildStore } from '../main-job/build-store.ts';
import { outputOf } from '../main-job/runner.ts';

/** Versions of models, read from their folders: what is on disk is what there is. */
export interface ModelRegistry {
  list(): Promise<ModelVersion[]>;
  /** `name`, `name:latest` (the newest that can be served, else the newest) or `name:v3`. */
  find(reference: string): Promise<{ build: BuildFile; view: ModelVersion }>;
  remove(reference: string): Promise<{ removed: string; freedBytes: number }>;
  /** Everything that can be served, under its names. */
  servable(): Promise<ServedModel[]>;
}

export function createModelRegistry(store: BuildStore): ModelRegistry {
  const list = async (): Promise<{ build: BuildFile; view: ModelVersion }[]> => {
    const { builds } = await store.list();
    return Promise.all(builds.map(async (build) => ({ build, view: await viewOf(build, store) })));
  };
  const find = async (reference: string): Promise<{ build: BuildFile; view: ModelVersion }> => {
    const [name, tag = 'latest'] = reference.split(':');
    const versions = (await list())
      .filter(({ build }) => build.name === name)
      .sort((a, b) => b.build.version - a.build.version);
    const found =
      tag === 'latest'
        ? (versions.find(({ view }) => view.state === 'ready') ?? versions[0])
        : versions.find(({ build }) => `v${build.version}` === tag);
    if (!found) throw new ForgeError('engine.not-found', { kind: 'model', id: reference, command: 'models' });
    return found;
  };
  return {
    find,
    // A try that came to nothing is no model; its main job still says why.
    list: async () => (await list()).filter(({ build }) => !isBarren(build)).map(({ view }) => view),
    async remove(reference) {
      const { build } = await find(reference);
      const directory = store.directory(build);
      const freedBytes = await directoryBytes(directory);
      await rm(directory, { recursive: true, force: true });
      return { removed: `${build.name}:v${build.version}`, freedBytes };
    },
    async servable() {
      const ready = (await list()).filter(({ view }) => view.state === 'ready' && view.ggufPath !== null);
      const newest = new Map<string, ModelVersion>();
      for (const { view } of ready) {
        const known = newest.get(view.name);
        if (!known || known.version < view.version) newest.set(view.name, view);
      }
      const entry = (view: ModelVersion, tag: string): ServedModel => ({
        name: `${view.name}:${tag}`,
        path: view.ggufPath ?? '',
        createdAtMs: view.createdAt,
      });
      return [
        ...ready.map(({ view }) => entry(view, `v${view.version}`)),
        ...[...newest.values()].map((view) => entry(view, 'latest')),
      ];
    },
  };
}

async function viewOf(build: BuildFile, store: BuildStore): Promise<ModelVersion> {
  const done = (step: keyof BuildFile['steps']): boolean => ['done', 'reused'].includes(build.steps[step]?.state ?? '');
  const parity = done('parity') ? outputOf(build, 'parity') : null;
  const evaluate = done('evaluate') ? outputOf(build, 'evaluate') : null;
  const size = parity ? await sizeOf(parity.path) : null;
  return {
    name: build.name,
    version: build.version,
    base: done('base') ? outputOf(build, 'base').id : (build.request.base ?? ''),
    createdAt: build.createdAt,
    state:
      size !== null && evaluate
        ? 'ready'
        : done('train')
          ? 'adapter-only'
          : build.state === 'failed'
            ? 'failed'
            : 'building',
    quantisation: parity?.type ?? null,
    ggufPath: size === null ? null : (parity?.path ?? null),
    ggufSha256: parity?.sha256 ?? null,
    sizeBytes: size,
    baseScore: evaluate?.comparison.baseMean ?? null,
    tunedScore: evaluate?.comparison.tunedMean ?? null,
    interval: evaluate?.comparison.interval ?? null,
    verdict: evaluate?.verdict.sentence ?? null,
    parity: parity?.report ?? null,
    directory: store.directory(build),
    inOllama: done('deploy') && outputOf(build, 'deploy').used,
  };
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
