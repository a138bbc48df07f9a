import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importReport, type FoundryJob, type ImportReport, type ImportRequest } from '#contract/dataset-versions.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createDomainService, type DomainService } from '../../domains/domain-service.ts';
import { createFoundryService, type FoundryService } from '../foundry-service.ts';
import { createKeptScripts } from '../scripts/kept-scripts.ts';
import { createFoundryViews } from '../views/create-foundry-views.ts';
import { readPiiPacks } from '../views/step-resources.ts';
import type { FoundryViews } from '../views-port.ts';

/** A foundry over a home, as the engine composes it. */
export function openFoundry(
  home: string,
  obtain: (source: string) => Promise<string> = (source) => Promise.resolve(source),
): FoundryService {
  return createFoundryService({
    folder: path.join(home, 'foundry'),
    folders: { store: path.join(home, 'store'), datasets: path.join(home, 'datasets') },
    clock: systemClock,
    logger: silentLogger,
    obtain,
    // Words stand for tokens.
    countTokens: (_file, texts) => Promise.resolve(texts.map((text) => text.split(/\s+/).filter(Boolean).length)),
    showRow: () => Promise.reject(new Error('nothing is shown here')),
  });
}

/** The packs that come with Forge; own ones where a folder of them is named. */
export function shippedDomains(own = ''): DomainService {
  const appDirectory = path.resolve(import.meta.dirname, '../../..');
  const detectors = async () => (await readPiiPacks(appDirectory)).map(({ id }) => id);
  return createDomainService({ shipped: path.join(appDirectory, 'domains'), own, detectors });
}

/** Filters, checks and studies over a foundry of `openFoundry`, as the engine composes them; `small` is the only base whose tokenizer is there. */
export function openViews(
  foundry: FoundryService,
  home: string,
  domains: Pick<DomainService, 'list'> = shippedDomains(),
): FoundryViews {
  return createFoundryViews({
    ...{ foundry, domains, scripts: createKeptScripts(path.join(home, 'scripts')) },
    folders: { store: path.join(home, 'store'), datasets: path.join(home, 'datasets') },
    ...{ appDirectory: path.resolve(import.meta.dirname, '../../..'), models: path.join(home, 'models') },
    tokenizerOf: (base) => Promise.resolve(base === 'small' ? '/models/small.gguf' : null),
  });
}

export async function temporaryHome(): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(path.join(tmpdir(), 'forge-foundry-'));
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 3 }) };
}

export function importOf(paths: readonly string[], more: Partial<ImportRequest> = {}): ImportRequest {
  return {
    ...{ paths: [...paths], name: 'rows', mapping: null, encoding: null, delimiter: null, hasHeader: null },
    ...{ systemPrompt: null, domain: null, licence: null, teacher: null },
    ...more,
  };
}

/** The job once it is over. */
export async function ended(foundry: FoundryService, job: string): Promise<FoundryJob> {
  let last = foundry.jobs.get(job);
  for await (const state of foundry.jobs.watch(job)) last = state;
  return last;
}

/** The report of an import that must succeed. */
export async function imported(
  foundry: FoundryService,
  request: ImportRequest,
  requestId: string,
): Promise<ImportReport> {
  const job = await ended(foundry, (await foundry.import(request, requestId)).id);
  if (job.state !== 'done') throw new Error(`the import ended as ${job.state}: ${JSON.stringify(job.failure)}`);
  return importReport.parse(job.result);
}
