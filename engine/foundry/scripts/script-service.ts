import type { FoundryJob } from '#contract/dataset-versions.ts';
import type { KeptScript, SandboxReport, ScriptRequest, ScriptReview } from '#contract/scripts.ts';
import { lineDifference } from '#core/foundry/scripts/line-difference.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import type { FoundryJobs } from '../foundry-jobs.ts';
import type { FoundryService } from '../foundry-service.ts';
import { reportOf } from './choose-sandbox.ts';
import type { KeptScripts } from './kept-scripts.ts';
import { digestOf } from './transform-rows.ts';

/** `transform(row)` scripts: what the handlers call. */
export interface ScriptService {
  sandboxes(signal?: AbortSignal): Promise<SandboxReport[]>;
  /** Kinds in their order until one holds. */
  usedSandbox(signal?: AbortSignal): Promise<SandboxReport[]>;
  review(asked: { readonly script: string; readonly source: string }): Promise<ScriptReview>;
  /** @throws ForgeError foundry.version-unknown at once; everything else is the job's. */
  run(request: ScriptRequest, requestId: string): Promise<FoundryJob>;
  keep(asked: { readonly script: string; readonly source: string }): Promise<KeptScript>;
  list(): Promise<KeptScript[]>;
  read(script: string): Promise<string>;
}

export interface ScriptServiceOptions {
  readonly jobs: Pick<FoundryJobs, 'start'>;
  readonly versions: Pick<FoundryService['versions'], 'read'>;
  readonly kept: KeptScripts;
  readonly sandboxes: () => readonly Sandbox[];
}

export function createScriptService({ jobs, versions, kept, sandboxes }: ScriptServiceOptions): ScriptService {
  return {
    sandboxes: (signal) => Promise.all(sandboxes().map((sandbox) => reportOf(sandbox, signal))),
    async usedSandbox(signal) {
      const reports: SandboxReport[] = [];
      for (const sandbox of sandboxes()) {
        reports.push(await reportOf(sandbox, signal));
        if (reports.at(-1)?.isFit === true) break;
      }
      return reports;
    },
    async review({ script, source }) {
      const before = await kept.newest(script);
      const lines = lineDifference(before?.source ?? '', source);
      return { script, digest: digestOf(source), previous: before?.kept.digest ?? null, lines };
    },
    async run(request, requestId) {
      await versions.read(request);
      if (request.mode === 'all') await kept.keep(request.script, request.source);
      return jobs.start({ kind: 'script', name: request.as ?? request.name, request, requestId });
    },
    keep: ({ script, source }) => kept.keep(script, source),
    list: () => kept.list(),
    read: (script) => kept.read(script),
  };
}
