import type { CheckRequest } from '#contract/dataset-checks.ts';
import type { DatasetVersion, FoundryJob } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { studyReport } from '#contract/study.ts';
import { compilePattern } from '#core/foundry/filters/compile-pattern.ts';
import { blobPath, type StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryService } from '../foundry-service.ts';
import { contextTokensOf } from '../study/context-tokens.ts';
import { nameOfBase, sampleTokens } from '../study/sample-tokens.ts';
import { studyFile } from '../study/study-order.ts';
import type { FoundryViews, StepsRequest } from '../views-port.ts';
import { guardedDomains } from './guarded-domains.ts';
import { findTaskFiles, readPiiPacks, type StepResources } from './step-resources.ts';
import { readKept, readView, viewKey } from './view-files.ts';

export interface FoundryViewsOptions {
  readonly foundry: Pick<FoundryService, 'jobs' | 'versions' | 'page' | 'row' | 'showRow'>;
  readonly folders: StoreFolders;
  readonly appDirectory: string;
  /** FORGE_HOME/models */
  readonly models: string;
}

/** A view that failed or was cancelled is tried again under another number. */
const mostTries = 1_000;

interface Finder {
  /** @param packs ids of packs beside that of the version's own domain */
  resourcesFor(version: DatasetVersion | null, name: string, packs?: readonly string[]): Promise<StepResources>;
}

function createFinder({ foundry, folders, appDirectory, models }: FoundryViewsOptions): Finder {
  const { versions } = foundry;
  const places = {
    ...{ appDirectory, models },
    rowsFileOf: (version: DatasetVersion) => blobPath(folders, version.files.rows),
  };
  /** The domain that the import named, of the version or what it was made of. */
  async function domainOf(version: DatasetVersion): Promise<string | null> {
    const own = version.recipe.import?.domain ?? null;
    if (own !== null || version.parent === null) return own;
    const parent = await versions.read(version.parent).catch(() => null);
    return parent === null ? null : domainOf(parent);
  }
  return {
    async resourcesFor(version, name, packs = []) {
      const domain = version === null ? null : await domainOf(version);
      const wanted = new Set([...packs, ...(domain === null ? [] : [domain])]);
      return {
        packs: (await readPiiPacks(appDirectory)).filter(({ id }) => wanted.has(id)),
        taskFiles: await findTaskFiles(places, await versions.list(), name),
      };
    },
  };
}

/** Trying steps, and freezing what they keep. */
function createSteps(
  { foundry, folders }: FoundryViewsOptions,
  { resourcesFor }: Finder,
): Pick<FoundryViews, 'tryView' | 'viewOutcome' | 'freeze'> {
  const { jobs, versions } = foundry;
  async function opened({ name, version: number, steps }: StepsRequest) {
    const version = await versions.read({ name, version: number });
    // A pattern that is none is told at once and not by a job that fails.
    for (const step of steps) if (step.kind === 'regex') compilePattern(step.pattern);
    // Single rows may be of a guarded domain whatever the import said, so its detectors always look.
    return { version, resources: await resourcesFor(version, name, [...guardedDomains]) };
  }
  return {
    async tryView(request) {
      const { version, resources } = await opened(request);
      const { name, version: number, steps } = request;
      const order = { version: { name, version: number }, steps, resources };
      for (let attempt = 0; attempt < mostTries; attempt += 1) {
        const requestId = `${name}:${number}:${viewKey(version, steps)}:${attempt}`;
        const job = await jobs.start({ kind: 'view', name, request: order, requestId });
        if (isUsable(job) && (job.state !== 'done' || (await readView(folders, version, steps)) !== null)) return job;
      }
      throw new RangeError(`a view of ${name} was tried ${mostTries} times`);
    },
    async viewOutcome({ name, version: number, steps }) {
      return readView(folders, await versions.read({ name, version: number }), steps);
    },
    async freeze(request) {
      const { name, version: number, steps, split, as, requestId } = request;
      if (split !== null && split.validationShare + split.testShare >= 1)
        throw new ForgeError('foundry.no-split', { validation: split.validationShare, test: split.testShare });
      const { resources } = await opened(request);
      const order = { version: { name, version: number }, steps, as: as ?? name, split, resources };
      return jobs.start({ kind: 'freeze', name: as ?? name, request: order, requestId });
    },
  };
}

/** Filters, freezing, checks and studies as jobs of the foundry. */
export function createFoundryViews(options: FoundryViewsOptions): FoundryViews {
  const { foundry, folders } = options;
  const { jobs, versions } = foundry;
  const finder = createFinder(options);
  return {
    ...createSteps(options, finder),
    async check({ request, requestId }) {
      const version = await versions.read(request);
      const resources = await finder.resourcesFor(version, request.name, packsOf(request));
      return jobs.start({ kind: request.check, name: request.name, request: { request, resources }, requestId });
    },
    async study({ request, requestId }) {
      const { version: reference, files, base } = request;
      if ((reference === null) === (files === null))
        throw new ForgeError('engine.bad-input', { reason: 'a study is of a version or of files' });
      const version = reference === null ? null : await versions.read(reference);
      const name = version?.name ?? files?.name ?? '';
      const tokens = version === null || base === null ? null : await sampleTokens(foundry, version, base);
      const contextTokens = base === null ? null : await contextTokensOf(base, options.appDirectory);
      const order = {
        version: reference,
        files,
        base: base === null ? null : nameOfBase(base),
        tokens,
        contextTokens,
        resources: await finder.resourcesFor(version, name),
      };
      return jobs.start({ kind: 'study', name, request: order, requestId });
    },
    async studyReport(reference) {
      const version = await versions.read(reference);
      const report = await readKept(studyFile(folders, version), (value) => studyReport.parse(value));
      return report?.digest === version.digest ? report : null;
    },
  };
}

function isUsable({ state }: FoundryJob): boolean {
  return state !== 'failed' && state !== 'cancelled';
}

function packsOf(request: CheckRequest): readonly string[] {
  return request.check === 'pii' ? request.packs : [];
}
