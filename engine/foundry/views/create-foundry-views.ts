import type { CheckRequest } from '#contract/dataset-checks.ts';
import type { DatasetVersion, FoundryJob, ViewStep } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { studyReport } from '#contract/study.ts';
import { compilePattern } from '#core/foundry/filters/compile-pattern.ts';
import type { PiiPack } from '#core/foundry/pii/pii-pack.ts';
import { blobPath, type StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import type { DomainService } from '../../domains/domain-service.ts';
import type { FoundryService } from '../foundry-service.ts';
import { contextTokensOf } from '../study/context-tokens.ts';
import { nameOfBase, sampleTokens } from '../study/sample-tokens.ts';
import type { KeptScripts } from '../scripts/kept-scripts.ts';
import { studyFile } from '../study/study-order.ts';
import type { FoundryViews, StepsRequest } from '../views-port.ts';
import { domainRules } from './domain-rules.ts';
import type { StepSources } from './script-stage.ts';
import { findTaskFiles, readPiiPacks, type StepResources } from './step-resources.ts';
import { findTokenizers } from './token-stage.ts';
import { readKept, readView, viewKey } from './view-files.ts';

export interface FoundryViewsOptions {
  readonly foundry: Pick<FoundryService, 'jobs' | 'versions' | 'page' | 'row' | 'showRow'>;
  readonly folders: StoreFolders;
  readonly scripts: Pick<KeptScripts, 'sourceOf'>;
  readonly domains: Pick<DomainService, 'list'>;
  /** The model file that has the tokenizer of a base; null where none is on this disk. @throws ForgeError base-model.* */
  readonly tokenizerOf: (base: string) => Promise<string | null>;
  readonly appDirectory: string;
  /** FORGE_HOME/models */
  readonly models: string;
}

/** A view that failed or was cancelled is tried again under another number. */
const mostTries = 1_000;

interface Rows {
  readonly name: string;
  readonly version: DatasetVersion | null;
  /** Where no version says it. */
  readonly domain?: string | null;
  /** Detectors that are asked for, by a domain or by their own id. */
  readonly asked?: readonly string[];
}

interface Finder {
  resourcesFor(rows: Rows): Promise<Omit<StepResources, 'tokenizers'>>;
}

function createFinder({ foundry, folders, domains, appDirectory, models }: FoundryViewsOptions): Finder {
  const { versions } = foundry;
  const places = {
    models,
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
    async resourcesFor({ name, version, domain = null, asked = [] }) {
      const [packs, known] = [await readPiiPacks(appDirectory), await domains.list()];
      const { ofDomains, guardedDomains } = domainRules(known, packs);
      const own = version === null ? domain : await domainOf(version);
      const wanted = new Set((own === null ? [] : (ofDomains[own] ?? [])).map(({ id }) => id));
      for (const word of asked) {
        const meant = packs.some(({ id }) => id === word) ? [word] : ofDomains[word]?.map(({ id }) => id);
        if (meant === undefined) throw unknownDetectors(word, packs);
        for (const id of meant) wanted.add(id);
      }
      return {
        detectors: { packs: packs.filter(({ id }) => wanted.has(id)), ofDomains },
        guardedDomains,
        taskFiles: await findTaskFiles(places, { versions: await versions.list(), domains: known }, name),
      };
    },
  };
}

/** The scripts that steps name. @throws ForgeError script.step-gone */
async function sourcesOf(steps: readonly ViewStep[], scripts: FoundryViewsOptions['scripts']): Promise<StepSources> {
  const named = steps.filter((step) => step.kind === 'script');
  return Promise.all(named.map(async (step) => ({ digest: step.digest, source: await scripts.sourceOf(step) })));
}

/** Trying steps, and freezing what they keep. */
function createSteps(
  { foundry, folders, scripts, tokenizerOf }: FoundryViewsOptions,
  { resourcesFor }: Finder,
): Pick<FoundryViews, 'tryView' | 'viewOutcome' | 'freeze'> {
  const { jobs, versions } = foundry;
  async function opened({ name, version: number, steps }: StepsRequest) {
    const version = await versions.read({ name, version: number });
    // A pattern that is none is told at once and not by a job that fails.
    for (const step of steps) if (step.kind === 'regex') compilePattern(step.pattern);
    const tokenizers = await findTokenizers(steps, tokenizerOf);
    const resources = { ...(await resourcesFor({ version, name })), tokenizers };
    return { version, given: { resources, scripts: await sourcesOf(steps, scripts) } };
  }
  return {
    async tryView(request) {
      const { version, given } = await opened(request);
      const { name, version: number, steps } = request;
      const order = { version: { name, version: number }, steps, ...given };
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
      const { given } = await opened(request);
      const order = { version: { name, version: number }, steps, as: as ?? name, split, ...given };
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
      const resources = await finder.resourcesFor({ version, name: request.name, asked: packsOf(request) });
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
        resources: await finder.resourcesFor({ version, name, domain: files?.domain ?? null }),
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

function unknownDetectors(word: string, packs: readonly PiiPack[]): ForgeError {
  const known = packs.map(({ id }) => id).join(', ');
  return new ForgeError('engine.bad-input', { reason: `there are no detectors called ${word}; there are: ${known}` });
}

function packsOf(request: CheckRequest): readonly string[] {
  return request.check === 'pii' ? request.packs : [];
}
