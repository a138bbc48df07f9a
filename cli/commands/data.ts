import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ForgeClient } from '#contract/client.ts';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { confirm } from '../ask.ts';
import { downloadProgress } from '../download-progress.ts';
import { datasetReferenceOf, findVersion } from '../dataset-reference.ts';
import { exitCode, usageFailure } from '../failure.ts';
import { numberValue, textValue, type Invocation } from '../invocation.ts';
import { resolveBase } from '../main-job-request.ts';
import { mappingOf } from '../mapping-and-settings.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { inspectionLines, knownDatasetTable, shownRowLines } from '../terminal/data-view.ts';
import { versionTable } from '../terminal/version-view.ts';
import { oneLine } from '../terminal/text.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';
import { removeDataset, removeVersion, showVersion } from './data-versions.ts';

/** `forge data list`: versions and files; with `--json` the files (`forge data versions --json` has the others). */
export async function listData(invocation: Invocation): Promise<number> {
  const { known, versions } = await withEngine(invocation, async ({ client }) => ({
    known: (await client.datasets.list()).filter(({ kind }) => kind !== 'version'),
    versions: invocation.json ? [] : await client.foundry.list(),
  }));
  const style = outStyle(invocation.terminal);
  printResult(invocation, known, () => [
    ...(versions.length === 0 ? [] : [...versionTable(versions, style), '']),
    ...knownDatasetTable(known, style),
  ]);
  return exitCode.done;
}

/** The dataset version a word means; null where it is a file. A file of that name wins, as it did before there were versions. */
async function versionNamed(invocation: Invocation): Promise<DatasetVersion | null> {
  const [word = ''] = invocation.words;
  if (word === '' || existsSync(path.resolve(invocation.workingDirectory, word))) return null;
  return withEngine(invocation, ({ client }) => findVersion(client, word));
}

/** The file that was named, as a whole path; without one the sample. */
async function fileOf(invocation: Invocation, client: ForgeClient): Promise<string> {
  const [word = ''] = invocation.words;
  if (word !== '') return path.resolve(invocation.workingDirectory, word);
  const sample = (await client.datasets.list()).find(({ isDefault }) => isDefault);
  if (sample === undefined) throw new Error('there is no sample');
  return sample.path;
}

function readingOf(invocation: Invocation) {
  return { mapping: mappingOf(invocation) ?? null, systemPrompt: textValue(invocation, 'system-prompt') ?? null };
}

/** `forge data inspect`. */
export async function inspectData(invocation: Invocation): Promise<number> {
  const asked = {
    ...readingOf(invocation),
    heldOutRows: numberValue(invocation, 'held-out') ?? null,
    seed: numberValue(invocation, 'seed') ?? null,
    limit: 3,
  };
  const inspection = await withEngine(invocation, async ({ client }) =>
    client.datasets.inspect({ ...asked, path: await fileOf(invocation, client) }),
  );
  printResult(invocation, inspection, () => inspectionLines(inspection, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data show`. */
export async function showData(invocation: Invocation): Promise<number> {
  const version = await versionNamed(invocation);
  if (version !== null) return showVersionOrRow(invocation, version);
  const reading = readingOf(invocation);
  const base = textValue(invocation, 'base');
  const number = numberValue(invocation, 'row') ?? 1;
  const shown = await withEngine(invocation, async ({ client }) => {
    const file = await fileOf(invocation, client);
    const { rows, total } = await client.datasets.inspect({ ...reading, path: file, offset: number - 1, limit: 1 });
    const row = rows[0]?.row.id;
    if (row === undefined)
      throw usageFailure(`--row is ${number}, but the file has ${total} rows.`, `Give a number from 1 to ${total}.`);
    const basePath = base === undefined ? null : await resolveBase(invocation, base);
    return client.datasets.showRow({ ...reading, path: file, row, base: basePath });
  });
  printResult(invocation, shown, () => shownRowLines(shown, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** A version in figures; with `--row` one of its rows as the base model sees it. */
async function showVersionOrRow(invocation: Invocation, { name, version, ...rest }: DatasetVersion): Promise<number> {
  const number = numberValue(invocation, 'row');
  if (number === undefined) return showVersion(invocation, { name, version, ...rest });
  const base = textValue(invocation, 'base');
  const shown = await withEngine(invocation, async ({ client }) => {
    const { rows, total } = await client.foundry.page({ name, version, offset: number - 1, limit: 1 });
    const id = rows[0]?.id;
    if (id === undefined)
      throw usageFailure(
        `--row is ${number}, but ${name}:v${version} has ${total} rows.`,
        `Give a number from 1 to ${total}.`,
      );
    return client.foundry.showRow({
      name,
      version,
      id,
      base: base === undefined ? null : await resolveBase(invocation, base),
    });
  });
  printResult(invocation, shown, () => shownRowLines(shown, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge data get`: Ctrl-C keeps what came, and the same command goes on there. */
export async function getData(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.words;
  const source = /^(hf:|https?:)/i.test(word) ? word : path.resolve(invocation.workingDirectory, word);
  const stop = listenForStop();
  const progress = downloadProgress(invocation);
  try {
    const got = await withEngine(invocation, async ({ client }) => {
      try {
        for await (const event of await client.datasets.obtain({ source }, { signal: stop.first })) {
          if (event.kind === 'done') return event;
          progress.show(event);
        }
      } catch (error) {
        if (!stop.first.aborted) throw error;
      } finally {
        progress.finish();
      }
      return null;
    });
    if (got === null) {
      invocation.terminal.err(`Stopped. What was fetched is kept.\nGo on with: ${invocation.typed}\n`);
      return exitCode.interrupted;
    }
    const { path: file, label, sizeBytes, note } = got;
    printResult(invocation, { path: file, label, sizeBytes, note }, () => [
      oneLine(file),
      ...(note === '' ? [] : [oneLine(note)]),
      '',
      `Train on it: forge train --dataset '${file}'`,
    ]);
    return exitCode.done;
  } finally {
    stop.dispose();
  }
}

/** `forge data remove`: only what Forge keeps. */
export async function removeData(invocation: Invocation): Promise<number> {
  const version = await versionNamed(invocation);
  if (version !== null && datasetReferenceOf(invocation.words[0] ?? '')?.version !== null)
    return removeVersion(invocation, version);
  if (version !== null) {
    const all = await withEngine(invocation, ({ client }) => client.foundry.list());
    return removeDataset(
      invocation,
      all.filter(({ name }) => name === version.name),
    );
  }
  const file = path.resolve(invocation.workingDirectory, invocation.words[0] ?? '');
  if (!(await confirm(invocation, `${oneLine(file)} goes; models made from it stay.`))) {
    invocation.terminal.err('Nothing was removed.\n');
    return exitCode.stopped;
  }
  const { freedBytes } = await withEngine(invocation, ({ client }) =>
    client.datasets.remove({ path: file, requestId: randomUUID() }),
  );
  printResult(invocation, { removed: file, freedBytes }, () => [`Removed it; ${bytes(freedBytes)} are free again.`]);
  return exitCode.done;
}
