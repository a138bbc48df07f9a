import { hash } from 'node:crypto';
import type { ImportRequest } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { checkMapping } from '#core/foundry/import/mapped-record.ts';
import { createRowImporter, type RowImporter, type TakenRecord } from '#core/foundry/import/row-importer.ts';
import type { RecordBatch, RecordPosition, RecordSource } from '#core/foundry/record-source.ts';
import { openRecordSource } from '#native-bridge/datasets/reading/open-record-source.ts';
import { WorkStopped, type WorkContext } from '../work-context.ts';
import type { ImportOutput } from './import-output.ts';
import { requireUnchanged, type ImportPlan, type PlannedFile } from './import-plan.ts';
import type { ImportPace } from './import-pace.ts';
import { countUp, writeState, type ImportState } from './import-state.ts';
import { openRejectHeads, type RejectHeads } from './reject-heads.ts';

/** Records between two checkpoints (D-6). */
const checkpointRecords = 10_000;
/** Columns of one file that are told to be called otherwise. */
const mostRenamedTold = 5;

export interface Reading {
  readonly request: ImportRequest;
  readonly plan: ImportPlan;
  readonly context: WorkContext;
  readonly output: ImportOutput;
  /** Changed in place; always what `output` holds. */
  readonly state: ImportState;
  readonly pace: ImportPace;
}

interface OpenFile {
  readonly file: PlannedFile;
  readonly source: RecordSource;
  readonly importer: RowImporter;
  readonly heads: RejectHeads;
}

const digest = (text: string): string => hash('sha256', text);
const givenHash = (id: string): string => digest(id).slice(0, 16);

/** Errors that say what is wrong with one file of many; the others go on. */
function isAboutTheFile(error: unknown): error is ForgeError {
  const codes = [
    'binary',
    'damaged',
    'expands-too-far',
    'too-many-columns',
    'not-rows',
    'not-readable',
    'several-inside',
  ];
  return error instanceof ForgeError && codes.some((code) => error.code === `dataset.${code}`);
}

function takeRecord({ state, output }: Reading, open: OpenFile, { record, outcome }: TakenRecord): void {
  state.seen += 1;
  if (outcome.kind === 'row') {
    output.addRow(outcome.row, outcome.givenId === undefined ? null : givenHash(outcome.givenId));
    state.rows += 1;
    countUp(state.formats, outcome.format);
    for (const { check, code } of outcome.row.flags) if (check === 'import') countUp(state.flags, code);
    const { teacher, teacher_terms: terms } = outcome.row.source;
    if (teacher !== undefined && terms === 'review') countUp(state.teachers, teacher.slice(0, 100));
    return;
  }
  const { line, byteOffset, byteLength } = record;
  const { reason: code, message } = outcome;
  output.addReject({ file: open.file.uri, line, byteOffset, byteLength, code, message, ...open.heads.headOf(record) });
  state.rejected += 1;
  countUp(state.reasons, code);
}

async function openFile({ request, context, state }: Reading, file: PlannedFile): Promise<OpenFile> {
  await requireUnchanged(file);
  const { encoding, delimiter, hasHeader, mapping, systemPrompt, domain, licence, teacher } = request;
  const source = await openRecordSource(file.entry === undefined ? file.path : { ...file, entry: file.entry }, {
    ...(encoding === null ? {} : { encoding }),
    ...(delimiter === null ? {} : { delimiter }),
    ...(hasHeader === null ? {} : { hasHeader }),
    signal: context.signal,
  });
  const { columns, encoding: found, compression } = source.shape;
  if (mapping !== null && columns.length > 0) checkMapping(mapping, columns, file.path);
  if (state.position === null && !/^(utf-8|ascii|us-ascii)/i.test(found.name))
    state.warnings.push(say('dataset.read-as', { name: file.uri, encoding: found.name }));
  if (state.position === null)
    for (const { name, unique } of (source.shape.renamed ?? []).slice(0, mostRenamedTold))
      state.warnings.push(say('dataset.column-twice', { name, unique }));
  const importer = createRowImporter({
    ...{
      uri: file.uri,
      sourceType: file.isHub ? 'hub' : 'file',
      columns,
      mapping,
      systemPrompt,
      domain,
      licence,
      teacher,
      digest,
    },
  });
  const heads = openRejectHeads(
    file.path,
    file.entry === undefined
      ? source.shape
      : { ...source.shape, compression: compression === 'none' ? 'zip' : compression },
  );
  return { file, source, importer, heads };
}

/** Makes what was read so far safe; nothing that is read meanwhile is lost, it only comes behind. */
async function checkpoint({ state, output, context, pace }: Reading): Promise<void> {
  Object.assign(state, output.lengths(), pace.worked());
  const kept = structuredClone(state);
  await output.sync();
  await writeState(context.folder, kept);
}

async function takeBatch(reading: Reading, open: OpenFile, { records, after }: RecordBatch): Promise<void> {
  const { state, context, pace } = reading;
  for (const record of records) for (const one of open.importer.takeAll(record)) takeRecord(reading, open, one);
  state.position = after;
  const wish = context.wish();
  if (wish === 'pause') await checkpoint(reading);
  if (wish !== 'go-on') throw new WorkStopped();
  if (pace.isCheckpointDue(state.seen, checkpointRecords)) await checkpoint(reading);
  pace.report(reading, open.source.shape.compression === 'none' ? after.byteOffset : null);
}

function positionOf({ position }: ImportState): RecordPosition | undefined {
  if (position === null) return undefined;
  const { inArray, isEnd, ...place } = position;
  return { ...place, ...(inArray === undefined ? {} : { inArray }), ...(isEnd === undefined ? {} : { isEnd }) };
}

async function readRecords(reading: Reading, open: OpenFile): Promise<void> {
  const { state, output } = reading;
  const rowsBefore = state.seen;
  try {
    for await (const batch of open.source.records(positionOf(state))) await takeBatch(reading, open, batch);
  } finally {
    open.heads.close();
    await open.source.close();
  }
  const { uri, sizeBytes } = open.file;
  if (state.seen === rowsBefore && state.position === null) state.warnings.push(say('dataset.no-rows', { name: uri }));
  state.sources.push({
    uri,
    sha256: await open.source.sha256(),
    sizeBytes,
    firstRow: state.firstRow,
    endRow: state.rows,
  });
  Object.assign(state, output.lengths());
}

/** One file of a folder that cannot be read costs one reject, as one bad record does. */
function rejectFile({ state, output }: Reading, file: PlannedFile, error: ForgeError): void {
  const place = { file: file.uri, line: 1, byteOffset: 0, byteLength: file.sizeBytes };
  const message = error.message.replaceAll(file.path, file.uri);
  output.addReject({ ...place, code: 'UNREADABLE_FILE', message, head: '', headEncoding: 'utf-8' });
  state.seen += 1;
  state.rejected += 1;
  countUp(state.reasons, 'UNREADABLE_FILE');
}

async function readFile(reading: Reading, file: PlannedFile): Promise<void> {
  const { state } = reading;
  try {
    await readRecords(reading, await openFile(reading, file));
  } catch (error) {
    if (file.isNamed || !isAboutTheFile(error)) throw error;
    rejectFile(reading, file, error);
  }
  state.bytesBefore += file.sizeBytes;
  Object.assign(state, { file: state.file + 1, position: null, firstRow: state.rows });
  await checkpoint(reading);
}

/** Reads every file that is left, from the checkpoint on, into the output. @throws ForgeError dataset.*, WorkStopped */
export async function readFiles(reading: Reading): Promise<void> {
  const { plan, state, context } = reading;
  try {
    for (const file of plan.files.slice(state.file)) await readFile(reading, file);
  } catch (error) {
    // Readers throw the signal's reason, or an abort error of their own.
    if (context.wish() !== 'go-on') throw new WorkStopped();
    throw error;
  }
}
