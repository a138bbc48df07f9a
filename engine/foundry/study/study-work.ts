import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { versionReference } from '#contract/dataset-versions.ts';
import type { StudyDone, StudyReport } from '#contract/study.ts';
import { createContaminationIndex } from '#core/foundry/contamination/find-contamination.ts';
import { createStudy } from '#core/foundry/study/create-study.ts';
import { createRowLists } from '#core/foundry/study/row-lists.ts';
import type { StudyTokens } from '#core/foundry/study/study-parts.ts';
import { writeFigureRows } from '#native-bridge/datasets/store/figure-rows.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { digestText } from '../views/filter-parts.ts';
import { countSets, loadTasks } from '../views/load-tasks.ts';
import { parseCode, parsedLanguages } from '../views/parse-code.ts';
import { createRowPace } from '../views/row-pace.ts';
import { rowsOf } from '../views/view-work.ts';
import { readFilesForStudy, type StudiedRows } from './read-files-for-study.ts';
import { estimatedTokensOf, studyFile, studyOrder, type StudyOrder } from './study-order.ts';

function tokensFor({ base, tokens, contextTokens }: StudyOrder, rows: number): StudyTokens {
  const known = new Map(tokens?.counts ?? []);
  const ratio = tokens?.ratio ?? 1;
  const counted = tokens === null ? 'estimated' : known.size >= rows ? 'tokenizer' : 'sampled';
  return {
    ...{ counted, base: tokens?.base ?? base, countedRows: known.size, contextTokens },
    tokensOf: (row, place) => known.get(place) ?? Math.round(estimatedTokensOf(row) * ratio),
  };
}

async function rowsToStudy(order: StudyOrder, context: WorkContext): Promise<StudiedRows> {
  if (order.files !== null) return readFilesForStudy(order.files, context);
  const version = await context.store.read(versionReference.parse(order.version));
  return { open: rowsOf(context, version), rows: version.rows, rejected: 0, version, name: version.name };
}

/**
 * A study (D-7), of a version or of files that become none. Reading files goes on from its checkpoint after a pause or a kill; counting starts over: 100,000 rows
 * take some 15 s, and its sketches and indexes, which a checkpoint would have to hold, are larger than the rows.
 */
export const studyWork: FoundryWork = async (given, context): Promise<StudyDone> => {
  const order = studyOrder.parse(given);
  const studied = await rowsToStudy(order, context);
  const tasks = await loadTasks(order.resources.taskFiles);
  // Rows of files that become no version cannot be paged through.
  const lists = studied.version === null ? null : createRowLists();
  const study = createStudy({
    ...{ rows: studied.rows, digest: digestText, parseCode, parsedLanguages, detectors: order.resources.detectors },
    ...{ contamination: createContaminationIndex(tasks), taskSets: countSets(tasks) },
    tokens: tokensFor(order, studied.rows),
    lists,
  });
  const pace = createRowPace(context, studied.rows, (rows) => `${rows} rows studied`);
  let count = 0;
  for await (const rows of studied.open()) {
    for (const row of rows) {
      study.add(row);
      count += 1;
      await pace.rowDone(count);
    }
  }
  for (const _ of study.settle()) await pace.piece();
  const { version, name } = studied;
  const madeAt = Date.now();
  const report: StudyReport = {
    schema: 'forge.study/1',
    version: version === null ? null : { name: version.name, version: version.version },
    ...{
      name,
      digest: version?.digest ?? null,
      madeAt,
      seconds: pace.seconds(),
      rejected: studied.rejected,
    },
    ...study.report(),
  };
  const reportPath =
    version === null ? path.join(context.folder, '..', 'study.json') : studyFile(context.folders, version);
  await mkdir(path.dirname(reportPath), { recursive: true });
  if (version !== null && lists !== null)
    await writeFigureRows(context.folders, version, { madeAt, lists: lists.all(), folder: context.folder });
  await writeJsonAtomic(reportPath, report);
  return { reportPath: path.resolve(reportPath), rows: count, seconds: pace.seconds() };
};
