import { randomUUID } from 'node:crypto';
import { checkReport, checkRequest, type CheckKind, type CheckReport } from '#contract/dataset-checks.ts';
import { versionOf } from './dataset-reference.ts';
import { exitCode } from './failure.ts';
import { runFoundryJob } from './follow-foundry-job.ts';
import type { Invocation } from './invocation.ts';
import { printResult } from './output.ts';
import { listenForStop } from './stop-signal.ts';
import { outStyle, type ViewStyle } from './terminal/view-style.ts';

type ReportOf<Kind extends CheckKind> = Extract<CheckReport, { check: Kind }>;

export interface DataCheck<Kind extends CheckKind> {
  readonly check: Kind;
  /** What was asked for beside the dataset. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly lines: (report: ReportOf<Kind>, style: ViewStyle) => readonly string[];
}

/** Runs one check over the dataset that was named and prints its counts. Ctrl-C cancels it. */
export async function runDataCheck<Kind extends CheckKind>(
  invocation: Invocation,
  { check, asked, lines }: DataCheck<Kind>,
): Promise<number> {
  const requestId = randomUUID();
  const stop = listenForStop();
  try {
    const job = await runFoundryJob(invocation, stop, async (client) => {
      const { name, version } = await versionOf(client, invocation.words[0] ?? '');
      return client.foundry.check({ request: checkRequest.parse({ name, version, check, ...asked }), requestId });
    });
    if (job === null) {
      invocation.terminal.err('Cancelled.\n');
      return exitCode.interrupted;
    }
    const report = checkReport.parse(job.result) as ReportOf<Kind>;
    printResult(invocation, report, () => lines(report, outStyle(invocation.terminal)));
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
