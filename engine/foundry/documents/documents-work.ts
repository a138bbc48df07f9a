import { copyFile, link, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { importReport } from '#contract/dataset-versions.ts';
import {
  documentReport,
  documentRequest,
  type DocumentReport,
  type DocumentRequest,
} from '#contract/document-imports.ts';
import { ForgeError } from '#contract/errors.ts';
import { parseIgnoreRules } from '#core/foundry/documents/ignore-rules.ts';
import { DocumentError } from '#native-bridge/datasets/documents/document-limits.ts';
import { listDocuments, type FoundDocument } from '#native-bridge/datasets/documents/list-documents.ts';
import { AppendFile } from '#native-bridge/datasets/store/append-file.ts';
import { documentsFolderName, reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import { systemReason } from '#contract/errors/system-errors.ts';
import { writeJsonAtomic } from '#native-bridge/files/write-file-atomic.ts';
import { importWork } from '../import/import-work.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { documentRows } from './document-rows.ts';

type Told = Omit<DocumentReport, 'import'>;

const mostTold = 100;

function reasonOf(error: unknown): string {
  if (error instanceof DocumentError) return error.message;
  const reason = systemReason(error);
  if (reason === null) throw error;
  return reason;
}

async function found(paths: readonly string[], told: Told): Promise<FoundDocument[]> {
  const documents: FoundDocument[] = [];
  for (const place of paths) {
    const list = await listDocuments(place, parseIgnoreRules);
    documents.push(...list.documents);
    told.ignored.push(...list.ignored.slice(0, mostTold - told.ignored.length));
    told.ignoredCount += list.ignoredCount;
  }
  return documents;
}

/** Writes the rows of every document to one file; a document that cannot be read costs itself. */
async function extract(request: DocumentRequest, context: WorkContext, file: string): Promise<Told> {
  const told: Told = { documents: 0, failed: [], failedCount: 0, ignored: [], ignoredCount: 0 };
  const documents = await found(request.paths, told);
  const output = new AppendFile(file, 0);
  try {
    for (const [index, document] of documents.entries()) {
      const start = output.length;
      const lines: string[] = [];
      try {
        for await (const row of documentRows(document, request, context.signal)) lines.push(`${JSON.stringify(row)}\n`);
        output.append(Buffer.from(lines.join('')));
        told.documents += output.length > start ? 1 : 0;
      } catch (error) {
        context.signal.throwIfAborted();
        told.failedCount += 1;
        if (told.failed.length < mostTold) told.failed.push({ name: document.name, reason: reasonOf(error) });
      }
      const progress = { done: index + 1, total: documents.length, rowsPerSecond: null, secondsLeft: null };
      context.report({ text: `${index + 1} documents read`, ...progress });
      await context.breathe();
    }
    await output.sync();
  } finally {
    output.close();
  }
  return told;
}

async function keptTold(file: string): Promise<Told | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : documentReport.omit({ import: true }).parse(JSON.parse(text));
}

/** The rows of the documents where the version's recipe says they are: only now, so that an import that is given up leaves none. */
async function keepRows(file: string, place: string): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true });
  await link(file, place).catch(async (error: NodeJS.ErrnoException) => {
    // Some file systems know no links.
    if (error.code !== 'EEXIST') await copyFile(file, place);
  });
}

/**
 * Documents to a dataset version: their text in chunks as a file of rows, which is then imported like any other, with the same balance (D-3), checkpoints and
 * atomic end, and kept under `datasets/documents/`. A pause or kill before that file is whole begins the reading anew: 1,000 text documents take seconds.
 */
export const documentsWork: FoundryWork = async (given, context) => {
  const request = documentRequest.parse(given);
  if (reservedNames.has(request.name)) throw new ForgeError('foundry.name-reserved', { name: request.name });
  const job = path.basename(path.dirname(context.folder));
  const place = path.join(context.folders.datasets, documentsFolderName, `${request.name}-${job}.jsonl`);
  const rowsFile = path.join(context.folder, path.basename(place));
  const mark = path.join(context.folder, 'documents.json');
  let told = await keptTold(mark);
  if (told === null) {
    told = await extract(request, context, rowsFile);
    await writeJsonAtomic(mark, told);
  }
  const { name, domain, licence } = request;
  const nothing = {
    mapping: null,
    encoding: null,
    delimiter: null,
    hasHeader: null,
    systemPrompt: null,
    teacher: null,
  };
  const order = { paths: [place], name, domain, licence, ...nothing };
  const report = importReport.parse(await importWork({ ...order, made: { [place]: rowsFile } }, context));
  const version = report.version === null ? null : await context.store.read({ name, version: report.version });
  // The same documents give the version of before, whose recipe names its own file.
  if (version?.recipe.import?.paths.includes(place) === true) await keepRows(rowsFile, place);
  const done: DocumentReport = { ...told, import: report };
  return done;
};
