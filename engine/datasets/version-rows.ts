import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { datasetVersion, type DatasetVersion } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import type { DatasetSource, SourceRecord } from '#core/datasets/dataset-source.ts';
import { passageQuestion } from '#core/datasets/passage-question.ts';
import { promptGroup } from '#core/foundry/import/row-identity.ts';
import { promptTextOf } from '#core/foundry/row-texts.ts';
import { splitSides, type SplitSide } from '#core/foundry/split/assign-side.ts';
import { checkDatasetFile } from '#native-bridge/files/dataset-source.ts';
import { readLineBatches, rowOfLine } from '#native-bridge/datasets/store/row-lines.ts';
import { rowsFileName } from '#native-bridge/datasets/store/store-places.ts';

/** The dataset version whose rows a file is (`datasets/<name>/v<n>/rows.jsonl`); null for every other file. */
export async function versionBeside(file: string): Promise<DatasetVersion | null> {
  if (path.basename(file) !== rowsFileName) return null;
  const text = await readFile(path.join(path.dirname(file), 'version.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return datasetVersion.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Somebody's own file of that name, beside something else.
    return null;
  }
}

const sideMark = '/';

const digestText = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Leak group of a row; in a version that was frozen with a split, marked with the row's side: a group never stands on two sides (D-11), so the mark parts
 * nothing that belongs together. A group that is only the hash of the prompt is left out: the main job then looks for near-equal prompts as in any file.
 */
function groupOf(row: CanonicalRow): { readonly group?: string } {
  const { group, side, id } = row;
  if (side !== undefined) return { group: `${side}${sideMark}${group}` };
  return group === promptGroup(promptTextOf(row), id, digestText) ? {} : { group };
}

/** The side that `groupOf` marked a group with. */
export function sideOfGroup(group: string): SplitSide {
  const side = group.slice(0, group.indexOf(sideMark));
  return splitSides.find((known) => known === side) ?? 'train';
}

function passageOf(row: CanonicalRow & { kind: 'text' }, line: number): SourceRecord | null {
  const messages = passageQuestion(row.text);
  if (messages === null) return null;
  return { kind: 'value', line, flags: [], text: row.text, value: { messages, id: row.id, ...groupOf(row) } };
}

/**
 * A row as the main job takes it: examples with one good answer and passages of text, as far as they may be trained on. Everything else is told as rejected.
 */
function recordOf(row: CanonicalRow, line: number): SourceRecord {
  const refused = (message: string): SourceRecord => ({
    ...{ kind: 'bad', line, reason: 'NOTHING_TO_LEARN', message, excerpt: row.id },
  });
  if (row.kind !== 'sft' && row.kind !== 'text') return refused(say('dataset.row-other-kind', { kind: row.kind }));
  if (row.training_eligible !== true) return refused(say('dataset.row-under-review'));
  if (row.kind === 'text') return passageOf(row, line) ?? refused(say('dataset.row-short-passage'));
  const { messages, tools, id } = row;
  return {
    kind: 'value',
    line,
    flags: [],
    value: { messages, id, ...groupOf(row), ...(tools === undefined ? {} : { tools }) },
  };
}

/** The rows of a version for the reader of the main job: the groups of the version stay what they are. */
export function openVersionRows(file: string, { name, version, sizeBytes, digest }: DatasetVersion): DatasetSource {
  return {
    name: `${name}:v${version}`,
    path: file,
    container: 'jsonl',
    delimiter: null,
    encoding: { name: 'utf-8', certain: true },
    async *records() {
      await checkDatasetFile(file);
      let line = 0;
      for await (const lines of readLineBatches(file))
        yield lines.map(({ bytes }) => recordOf(rowOfLine(bytes), (line += 1)));
    },
    fingerprint: () => ({ sizeBytes, sha256: digest }),
    digest: digestText,
  };
}
