import { stat } from 'node:fs/promises';
import type { BuildFile } from '#contract/build-file.ts';
import { stepOutputs } from '#contract/build-outputs.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ModelVersion } from '#contract/models.ts';
import type { ServedFamily } from '#contract/serving-state.ts';
import type { ServedModel } from '#contract/serving.ts';
import { isBarren } from '#core/main-job/build.ts';
import { familyOf, type VersionChoice } from '#core/serving/version-choice.ts';
import { directoryBytes } from '#native-bridge/files/directory-bytes.ts';
import type { BuildStore } from '../main-job/build-store.ts';
import { servingContextTokens } from '../main-job/held-out.ts';
import { outputOf } from '../main-job/runner.ts';

/** Versions of models, read from their folders: what is on disk is what there is. */
export interface ModelRegistry {
  list(): Promise<ModelVersion[]>;
  /** `name:v3`, or `name` and `name:latest`: the version that was chosen for it, else the newest that can be served, else the newest. */
  find(reference: string): Promise<{ build: BuildFile; view: ModelVersion }>;
  remove(reference: string): Promise<{ removed: string; freedBytes: number }>;
  /** Everything that can be served, under its names: `name:v3` for each version, `name` and `name:latest` for the one clients get. */
  servable(): Promise<ServedModel[]>;
  /** The same by name. */
  families(): Promise<ServedFamily[]>;
}

/** Which version a name gives, where a person chose. */
export type VersionChoices = () => Promise<ReadonlyMap<string, VersionChoice>>;

interface Version {
  readonly build: BuildFile;
  readonly view: ModelVersion;
}

interface Family {
  readonly family: ServedFamily;
  readonly ready: readonly Version[];
}

const noChoices: VersionChoices = () => Promise.resolve(new Map());

export function createModelRegistry(store: BuildStore, choices: VersionChoices = noChoices): ModelRegistry {
  const list = async (): Promise<Version[]> => {
    const { builds } = await store.list();
    return Promise.all(builds.map(async (build) => ({ build, view: await viewOf(build, store) })));
  };
  const families = async (versions: readonly Version[]): Promise<Family[]> => {
    const chosen = await choices();
    const ready = versions.filter(({ view }) => view.state === 'ready' && view.ggufPath !== null);
    return [...Map.groupBy(ready, ({ build }) => build.name)].map(([name, own]) => ({
      family: familyOf(
        name,
        own.map(({ build }) => build.version),
        chosen.get(name),
      ),
      ready: own,
    }));
  };
  const find = async (reference: string): Promise<Version> => {
    const [name, tag = 'latest'] = reference.split(':');
    const versions = (await list())
      .filter(({ build }) => build.name === name)
      .sort((a, b) => b.build.version - a.build.version);
    const current = (await families(versions))[0]?.family.current;
    const found =
      tag === 'latest'
        ? (versions.find(({ build }) => build.version === current) ?? versions[0])
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
      const freedBytes = await directoryBytes(store.directory(build));
      await store.remove(build);
      return { removed: `${build.name}:v${build.version}`, freedBytes };
    },
    servable: async () => (await families(await list())).flatMap(servedNames),
    families: async () => (await families(await list())).map(({ family }) => family),
  };
}

function servedNames({ family, ready }: Family): ServedModel[] {
  return ready.flatMap((version) => {
    const { name, version: number } = version.build;
    const names = [`${name}:v${number}`, ...(number === family.current ? [name, `${name}:latest`] : [])];
    const file = fileOf(version);
    return names.map((served) => ({ name: served, ...file }));
  });
}

/** With the context it was measured with, so that every name of a version means the same loaded model. */
function fileOf({ build, view }: Version): Omit<ServedModel, 'name'> {
  const file = { path: view.ggufPath ?? '', createdAtMs: view.createdAt };
  const isKnown = (['plan', 'base'] as const).every(
    (step) => stepOutputs[step].safeParse(build.steps[step]?.output).success,
  );
  return isKnown ? { ...file, contextTokens: servingContextTokens({ output: (step) => outputOf(build, step) }) } : file;
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
