import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { checkReport, freezeReport, type CheckRequest } from '#contract/dataset-checks.ts';
import { diffReport } from '#contract/dataset-diffs.ts';
import { importReport, type FoundryJob, type ViewStep } from '#contract/dataset-versions.ts';
import { dataExportReport } from '#contract/data-exports.ts';
import { documentReport } from '#contract/document-imports.ts';
import { scriptReport } from '#contract/scripts.ts';
import { studyDone } from '#contract/study.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import type { FoundryService } from '../foundry-service.ts';
import type { FoundryKind } from '../job-protocol.ts';
import type { FoundryViews } from '../views-port.ts';
import { importOf, openFoundry, openViews } from './foundry-fixture.ts';

/** A foundry with everything a job of any kind needs; `rows:v1` is there, unless it is the import itself that is tried. */
export interface KindsWorld {
  readonly home: string;
  readonly foundry: FoundryService;
  readonly views: FoundryViews;
}

export function openWorld(home: string): KindsWorld {
  const foundry = openFoundry(home);
  return { home, foundry, views: openViews(foundry, home) };
}

/** Where the files lie that imports read. They are outside of a home, so that several homes use the same. */
export interface KindsFiles {
  readonly rowsFile: string;
  readonly documents: string;
}

/** How a job of a kind is started, and what must be the same however often it was interrupted. */
export interface TriedKind {
  readonly kind: FoundryKind;
  /** @param id names this run: its request, and what it makes */
  start(world: KindsWorld, files: KindsFiles, id: string): Promise<FoundryJob>;
  outcome(world: KindsWorld, job: FoundryJob): Promise<unknown>;
}

const rowsOne = { name: 'rows', version: 1 };

const steps: readonly ViewStep[] = [
  { kind: 'refusal' },
  { kind: 'exact-duplicates', over: 'both' },
  { kind: 'near-duplicates', threshold: 0.8, keep: 'longest' },
  { kind: 'pii', action: 'mask', kinds: ['all'] },
];
const split = { seed: 7, validationShare: 0.1, testShare: 0.1 };

const scriptSource = `def transform(row):
    for message in row.get("messages", []):
        if message["role"] == "assistant":
            message["content"] = message["content"].replace("term", "word")
    return row
`;

async function digestOfFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

function checkKind(request: CheckRequest): TriedKind {
  return {
    kind: request.check,
    start: (world, _files, requestId) => world.views.check({ request, requestId }),
    async outcome(_world, { result }) {
      const { rowsPath, ...counted } = checkReport.parse(result);
      return { ...counted, seconds: 0, peakBytes: 0, rowsDigest: await digestOfFile(rowsPath) };
    },
  };
}

const importKind: TriedKind = {
  kind: 'import',
  start: ({ foundry }, { rowsFile }, id) => foundry.import(importOf([rowsFile], { name: id }), id),
  async outcome(_world, { result }) {
    const { digest, seen, accepted, rejected, merged } = importReport.parse(result);
    return { digest, seen, accepted, rejected, merged };
  },
};

const documentsKind: TriedKind = {
  kind: 'documents',
  start: ({ foundry }, { documents }, id) =>
    foundry.jobs.start({
      ...{ kind: 'documents', name: id, requestId: id },
      request: {
        ...{ paths: [documents], name: id, targetCharacters: 200, overlapCharacters: 0, domain: null, licence: null },
      },
    }),
  async outcome({ foundry }, { name, result }) {
    const { documents, failedCount, import: report } = documentReport.parse(result);
    const { seen, accepted, merged } = report;
    const version = await foundry.versions.newest(name);
    const groups = new Set<string>();
    let characters = 0;
    for await (const { rows } of foundry.versions.rows(version))
      for (const row of rows) {
        groups.add(row.group);
        characters += row.kind === 'text' ? row.text.length : 0;
      }
    return { documents, failedCount, seen, accepted, merged, groups: groups.size, characters };
  },
};

const viewKind: TriedKind = {
  kind: 'view',
  // Two runs of one view are one job, so each gets a step of its own that keeps everything.
  start: ({ views }, _files, id) =>
    views.tryView({ ...rowsOne, steps: [...steps, { kind: 'banned', phrases: [`never said ${id}`] }] }),
  async outcome(_world, { result }) {
    return z.object({ steps: z.array(z.unknown()) }).parse(result).steps;
  },
};

const freezeKind: TriedKind = {
  kind: 'freeze',
  start: ({ views }, _files, id) => views.freeze({ ...rowsOne, steps, as: id, split, requestId: id }),
  async outcome(_world, { result }) {
    return { ...freezeReport.parse(result), name: '', seconds: 0 };
  },
};

const studyKind: TriedKind = {
  kind: 'study',
  start: ({ views }, _files, requestId) =>
    views.study({ request: { version: rowsOne, files: null, base: null }, requestId }),
  async outcome(_world, { result }) {
    const { reportPath } = studyDone.parse(result);
    const report: unknown = JSON.parse(await readFile(reportPath, 'utf8'));
    return { ...(report as object), seconds: 0, madeAt: 0 };
  },
};

const diffKind: TriedKind = {
  kind: 'diff',
  start: ({ foundry }, _files, requestId) =>
    foundry.jobs.start({ kind: 'diff', name: 'rows', request: { before: rowsOne, after: rowsOne }, requestId }),
  async outcome(_world, { result }) {
    const { rowsPath, ...counted } = diffReport.parse(result);
    return { ...counted, seconds: 0, peakBytes: 0, rowsDigest: await digestOfFile(rowsPath) };
  },
};

const exportKind: TriedKind = {
  kind: 'export',
  start: ({ foundry, home }, _files, id) =>
    foundry.jobs.start({
      ...{ kind: 'export', name: 'rows', requestId: id },
      request: {
        ...{ ...rowsOne, format: 'trl', mode: 'write', overwrite: false, split },
        to: path.join(home, 'exports', id),
      },
    }),
  async outcome(_world, { result }) {
    const { folder, files, written } = dataExportReport.parse(result);
    const names = (await readdir(folder ?? '')).toSorted();
    const digests = await Promise.all(names.map((name) => digestOfFile(path.join(folder ?? '', name))));
    return { files, written, names, digests, beside: await readdir(path.dirname(folder ?? '')) };
  },
};

const scriptKind: TriedKind = {
  kind: 'script',
  start: ({ foundry }, _files, id) =>
    foundry.jobs.start({
      ...{ kind: 'script', name: id, requestId: id },
      request: {
        ...{ ...rowsOne, script: 'clean', source: scriptSource, mode: 'all', seed: 0, as: id },
        allow: { clock: false, random: false },
      },
    }),
  async outcome(_world, { result }) {
    const { digest, all } = scriptReport.parse(result);
    return { digest, all };
  },
};

/** Every kind of job there is. */
export const offeredKinds: readonly TriedKind[] = [
  importKind,
  documentsKind,
  viewKind,
  freezeKind,
  studyKind,
  checkKind({ ...rowsOne, check: 'dedupe', over: 'both', threshold: 0.8, keep: 'longest' }),
  checkKind({ ...rowsOne, check: 'split', ...split }),
  checkKind({ ...rowsOne, check: 'contamination' }),
  checkKind({ ...rowsOne, check: 'pii', packs: [] }),
  diffKind,
  exportKind,
  scriptKind,
];

/** The kinds that can run here: a script only where a sandbox holds. */
export async function kindsHere(): Promise<readonly TriedKind[]> {
  const probes = await Promise.all(createSandboxes(process.env).map((sandbox) => sandbox.probe()));
  const hasSandbox = probes.some(({ isFit }) => isFit);
  return offeredKinds.filter(({ kind }) => kind !== 'script' || hasSandbox);
}

interface KindRun {
  readonly files: KindsFiles;
  readonly id: string;
  /** Told once the job runs. */
  readonly onRunning?: () => void;
}

/** A job from its start, or from where it was left, to its end. @returns its outcome */
export async function runKind(
  tried: TriedKind,
  world: KindsWorld,
  { files, id, onRunning }: KindRun,
): Promise<unknown> {
  const { jobs } = world.foundry;
  let last = await tried.start(world, files, id);
  let isTold = false;
  for await (const job of jobs.watch(last.id)) {
    if (job.state === 'running' && !isTold) onRunning?.();
    isTold ||= job.state === 'running';
    last = job;
  }
  if (last.state !== 'done') throw new Error(`${tried.kind} ended as ${last.state}: ${JSON.stringify(last.failure)}`);
  return tried.outcome(world, last);
}
