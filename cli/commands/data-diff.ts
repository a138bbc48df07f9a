import { randomUUID } from 'node:crypto';
import type { ForgeClient } from '#contract/client.ts';
import { changeKinds, diffReport, type DiffReport, type RowChange, type VersionPair } from '#contract/dataset-diffs.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { versionOf } from '../dataset-reference.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { runFoundryJob } from '../follow-foundry-job.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { diffLines } from '../terminal/diff-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** Rows of each kind that are shown. */
const shownRows = 3;

/** What a version is compared with when nothing is said: what it was made of, else the version before it. */
async function comparedWith(client: ForgeClient, { name, version, parent }: DatasetVersion): Promise<DatasetVersion> {
  if (parent !== null) return client.foundry.version(parent);
  const own = (await client.foundry.list()).filter((one) => one.name === name && one.version < version);
  const [before] = own.toSorted((a, b) => b.version - a.version);
  if (before !== undefined) return before;
  throw usageFailure(
    `${name} has no version before v${version}.`,
    `Name two versions: forge data diff ${name}:v${version} OTHER:vN. \`forge data versions\` lists them.`,
  );
}

async function pairOf(client: ForgeClient, [one = '', other = '']: readonly string[]): Promise<VersionPair> {
  const first = await versionOf(client, one);
  const [before, after] =
    other === '' ? [await comparedWith(client, first), first] : [first, await versionOf(client, other)];
  return {
    before: { name: before.name, version: before.version },
    after: { name: after.name, version: after.version },
  };
}

function examplesOf(invocation: Invocation, { before, after, ...report }: DiffReport): Promise<RowChange[]> {
  return withEngine(invocation, async ({ client }) => {
    const pages = changeKinds.map(async (change) =>
      report[change] === 0 ? [] : (await client.dataDiffs.page({ before, after, change, limit: shownRows })).rows,
    );
    return (await Promise.all(pages)).flat();
  });
}

/** `forge data diff`: two versions laid over each other. Ctrl-C cancels it. */
export async function diffData(invocation: Invocation): Promise<number> {
  const requestId = randomUUID();
  const stop = listenForStop();
  try {
    const job = await runFoundryJob(invocation, stop, async (client) =>
      client.dataDiffs.start({ ...(await pairOf(client, invocation.words)), requestId }),
    );
    if (job === null) {
      invocation.terminal.err('Cancelled.\n');
      return exitCode.interrupted;
    }
    const report = diffReport.parse(job.result);
    const examples = invocation.json ? [] : await examplesOf(invocation, report);
    printResult(invocation, report, () => diffLines(report, examples, outStyle(invocation.terminal)));
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}
