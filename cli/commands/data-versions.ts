import { randomUUID } from 'node:crypto';
import type { DatasetVersion, VersionReference } from '#contract/dataset-versions.ts';
import { confirm } from '../ask.ts';
import { versionOf } from '../dataset-reference.ts';
import { exitCode } from '../failure.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { rejectTable, rowTable, versionLines, versionTable } from '../terminal/version-view.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** `forge data versions`: datasets that were imported, all or those of one name. */
export async function listVersions(invocation: Invocation): Promise<number> {
  const [name = ''] = invocation.words;
  const versions = await withEngine(invocation, async ({ client }) => {
    const all = await client.foundry.list();
    return name === '' ? all : all.filter((version) => version.name === name);
  });
  printResult(invocation, versions, () => versionTable(versions, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data show NAME[:vN]`. */
export async function showVersion(invocation: Invocation, version: DatasetVersion): Promise<number> {
  printResult(invocation, version, () => versionLines(version, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data rows`: a page of a version. */
export async function listRows(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.words;
  const range = { offset: numberValue(invocation, 'offset') ?? 0, limit: numberValue(invocation, 'limit') ?? 20 };
  const search = textValue(invocation, 'search') ?? '';
  const page = await withEngine(invocation, async ({ client }) => {
    const { name, version } = await versionOf(client, word);
    const filter = { text: search, kind: null, flag: textValue(invocation, 'flag') ?? null, group: null, ids: null };
    return client.foundry.page({ name, version, ...range, filter });
  });
  printResult(invocation, page, () => rowTable(page, range.offset, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data rejects`: what an import left out, and why. */
export async function listRejects(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.words;
  const range = { offset: numberValue(invocation, 'offset') ?? 0, limit: numberValue(invocation, 'limit') ?? 20 };
  const code = textValue(invocation, 'code') ?? null;
  const page = await withEngine(invocation, async ({ client }) => {
    const { name, version } = await versionOf(client, word);
    return client.foundry.rejects({ name, version, ...range, code });
  });
  printResult(invocation, page, () => rejectTable(page, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data remove NAME:vN`: can be taken back for ten minutes. */
export async function removeVersion(invocation: Invocation, { name, version }: DatasetVersion): Promise<number> {
  const usedBy = await modelsOf(invocation, { name, version });
  if (!(await confirm(invocation, `Version ${version} of ${name} goes.${stayText(usedBy)}`))) {
    invocation.terminal.err('Nothing was removed.\n');
    return exitCode.stopped;
  }
  const freedBytes = await removeOne(invocation, { name, version });
  printResult(invocation, { removed: `${name}:v${version}`, freedBytes, usedBy }, () => [
    `Removed it; ${bytes(freedBytes)} are free in ten minutes. Until then: forge data restore ${name}:v${version}`,
  ]);
  return exitCode.done;
}

async function removeOne(invocation: Invocation, { name, version }: VersionReference): Promise<number> {
  const { freedBytes } = await withEngine(invocation, ({ client }) =>
    client.foundry.remove({ name, version, requestId: randomUUID() }),
  );
  return freedBytes;
}

function modelsOf(invocation: Invocation, { name, version }: VersionReference): Promise<string[]> {
  return withEngine(invocation, async ({ client }) =>
    (await client.foundry.uses({ name, version })).map((use) => `${use.model}:v${use.version}`),
  );
}

const shownModels = 3;

function stayText(models: readonly string[]): string {
  if (models.length === 0) return '';
  const more = models.length > shownModels ? ` and ${models.length - shownModels} more` : '';
  return ` Made from it, and staying with rows of their own: ${models.slice(0, shownModels).join(', ')}${more}.`;
}

/** `forge data remove NAME`: every version of it; each can be taken back for ten minutes. */
export async function removeDataset(invocation: Invocation, versions: readonly DatasetVersion[]): Promise<number> {
  const ascending = versions.toSorted((a, b) => a.version - b.version);
  const ids = ascending.map(({ name, version }) => `${name}:v${version}`);
  const used = await Promise.all(ascending.map((version) => modelsOf(invocation, version)));
  const usedBy = [...new Set(used.flat())];
  if (!(await confirm(invocation, `All versions go: ${ids.join(', ')}.${stayText(usedBy)}`))) {
    invocation.terminal.err('Nothing was removed.\n');
    return exitCode.stopped;
  }
  let freedBytes = 0;
  for (const version of ascending) freedBytes += await removeOne(invocation, version);
  printResult(invocation, { removed: ids, freedBytes, usedBy }, () => [
    `Removed ${ids.join(', ')}; ${bytes(freedBytes)} are free in ten minutes. Until then: forge data restore ${ids.at(-1) ?? ''}`,
  ]);
  return exitCode.done;
}

/** `forge data restore NAME:vN`. */
export async function restoreVersion(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.words;
  const [, name = word, number = '1'] = /^(.*):v(\d+)$/.exec(word) ?? [];
  const version = await withEngine(invocation, ({ client }) =>
    client.foundry.restore({ name, version: Number(number), requestId: randomUUID() }),
  );
  printResult(invocation, version, () => [`${name}:v${version.version} is back.`]);
  return exitCode.done;
}
