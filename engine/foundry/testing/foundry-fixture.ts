import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importReport, type FoundryJob, type ImportReport, type ImportRequest } from '#contract/dataset-versions.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { systemClock } from '#native-bridge/clock/system-clock.ts';
import { createFoundryService, type FoundryService } from '../foundry-service.ts';

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
    showRow: () => Promise.reject(new Error('nothing is shown here')),
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
