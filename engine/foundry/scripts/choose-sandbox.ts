import { ForgeError } from '#contract/errors.ts';
import type { SandboxReport } from '#contract/scripts.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';

export interface ChosenSandbox {
  readonly sandbox: Sandbox;
  readonly report: SandboxReport;
}

export async function reportOf(sandbox: Sandbox, signal?: AbortSignal): Promise<SandboxReport> {
  const { isFit, detail } = await sandbox.probe(signal);
  return { name: sandbox.name, label: sandbox.label, isFit, detail };
}

/**
 * The first sandbox that holds on this machine now. Without one nothing runs, whatever the person says.
 * @throws ForgeError script.no-sandbox with the reason of each
 */
export async function chooseSandbox(sandboxes: readonly Sandbox[], signal?: AbortSignal): Promise<ChosenSandbox> {
  const reasons: string[] = [];
  for (const sandbox of sandboxes) {
    const report = await reportOf(sandbox, signal);
    if (report.isFit) return { sandbox, report };
    reasons.push(`${sandbox.label}: ${report.detail}`);
  }
  throw new ForgeError('script.no-sandbox', { reasons: reasons.join('; ') });
}
