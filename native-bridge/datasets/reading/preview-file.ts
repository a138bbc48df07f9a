import type { FilePreview, PreviewRecord } from '#core/foundry/file-preview.ts';
import type { CutRecord } from '#core/foundry/record-source.ts';
import { memoryInput } from './byte-input.ts';
import { convertingInput, type WideEncoding } from './converting-input.ts';
import type { RecordFile } from './list-record-files.ts';
import { openFile, type OpenedFile, type RecordSourceOptions } from './open-record-source.ts';
import { withLongerHead, type FileSamples } from './read-samples.ts';
import { textBatches, type TextPlan } from './text-source.ts';
import { wrappedListStart } from './wrapped-list.ts';

const recordsShown = 20;
const worstShown = 5;
/** Text compresses to about a fifth. */
const usualRatio = 5;
/** Of columnar files, whose rows are read where they are: as many rows, or as much of them as JSON, whatever comes first. */
const rowsLooked = 1_000;
const charactersLooked = 1_000_000;
const rowsAtOnce = 25;

/** How bad a record is: rejected ones first, then those with the most remarks. */
function badness(record: CutRecord): number {
  return record.kind === 'bad' ? 100 : record.flags.length;
}

/** Gathers what a preview shows from records that come in file order. */
class PreviewBuilder {
  readonly records: PreviewRecord[] = [];
  looked = 0;
  rejected = 0;
  fallbackEncoding = 0;
  bytes = 0;
  private readonly worst: PreviewRecord[] = [];

  add(record: CutRecord, isLineExact: boolean): void {
    this.looked += 1;
    this.bytes += record.byteLength;
    if (record.kind === 'bad') this.rejected += 1;
    else if (isLineExact && this.records.length < recordsShown) this.records.push({ record, isLineExact });
    if (record.flags.includes('FALLBACK_ENCODING')) this.fallbackEncoding += 1;
    if (badness(record) === 0) return;
    this.worst.push({ record, isLineExact });
    if (this.worst.length > worstShown * 4) this.worst.splice(0, this.worst.length, ...this.worstFirst());
  }

  worstFirst(): PreviewRecord[] {
    return this.worst.toSorted((a, b) => badness(b.record) - badness(a.record)).slice(0, worstShown);
  }
}

/** Records that are whole inside a piece of the file. */
async function* pieceRecords(plan: TextPlan, piece: Buffer, wide: WideEncoding | undefined): AsyncGenerator<CutRecord> {
  const raw = memoryInput(piece);
  const inMemory: TextPlan = {
    ...plan,
    shape: { ...plan.shape, hasHeader: false, dataStart: 0 },
    windowBytes: Math.max(plan.windowBytes, 65_536),
    openInput: () => Promise.resolve(wide === undefined ? raw : convertingInput(raw, wide)),
  };
  for await (const { records } of textBatches(inMemory, undefined, undefined)) yield* records;
}

/** From behind the first line end to the last one: what stands between them is whole, unless a quoted field goes over it. */
function wholeLines(piece: Buffer): { lines: Buffer; from: number } {
  const from = piece.indexOf(10) + 1;
  const to = piece.lastIndexOf(10) + 1;
  return { lines: piece.subarray(from, Math.max(from, to)), from };
}

async function collect(plan: TextPlan, piece: Buffer, wide: WideEncoding | undefined): Promise<CutRecord[]> {
  const records: CutRecord[] = [];
  for await (const record of pieceRecords(plan, piece, wide)) records.push(record);
  return records;
}

/** Of a table, a piece may begin inside quotes; then nearly everything in it seems wrong, and it says nothing. */
function isMisread(plan: TextPlan, records: readonly CutRecord[]): boolean {
  const bad = records.filter((record) => record.kind === 'bad').length;
  return plan.shape.container === 'csv' && bad * 4 > records.length;
}

/** A piece of a table may begin or end between quotes; what is wrong at its edges is most likely that. */
function withoutEdges(plan: TextPlan, records: readonly CutRecord[]): readonly CutRecord[] {
  if (plan.shape.container !== 'csv') return records;
  const from = records[0]?.kind === 'bad' ? 1 : 0;
  return records.slice(from, records.at(-1)?.kind === 'bad' ? -1 : undefined);
}

/** Records of a head; the last one may be cut by its end, which is no fault of the file. */
async function headRecords(plan: TextPlan, opened: OpenedFile, samples: FileSamples): Promise<CutRecord[]> {
  const { head, isWhole, damage } = samples;
  const inMemory: TextPlan = {
    ...plan,
    async openInput(offset) {
      const input = { ...memoryInput(head, offset), damage: () => damage };
      return Promise.resolve(opened.wide === undefined ? input : convertingInput(input, opened.wide));
    },
  };
  const records: CutRecord[] = [];
  for await (const batch of textBatches(inMemory, undefined, undefined)) records.push(...batch.records);
  return isWhole ? records : records.slice(0, -1);
}

/** D-1: no more of the beginning than 4 MB. */
const largestHeadBytes = 4_000_000;

/** Where not one record is whole in the usual beginning, more of it; a large object that holds a list of records is looked at inside. */
async function firstRecords(plan: TextPlan, opened: OpenedFile): Promise<CutRecord[]> {
  const records = await headRecords(plan, opened, opened.samples);
  if (records.length > 0 || opened.samples.isWhole) return records;
  const samples = await withLongerHead(opened.packed, opened.samples, largestHeadBytes);
  const more = await headRecords(plan, opened, samples);
  const isLarge = opened.packed.sizeBytes > plan.context.maximumRecordBytes;
  if (more.length > 0 || samples.isWhole || isLarge || opened.wide !== undefined) return more;
  const start = wrappedListStart(samples.head, plan.shape.dataStart);
  if (start === null) return more;
  const inside = { ...plan, shape: { ...plan.shape, container: 'json-array' as const } };
  inside.openInput = (offset) => Promise.resolve(memoryInput(samples.head, offset));
  const found: CutRecord[] = [];
  const from = { byteOffset: start, line: plan.shape.dataLine, records: 0, inArray: true };
  for await (const batch of textBatches(inside, from, undefined)) found.push(...batch.records);
  return found.slice(0, -1);
}

async function previewText(opened: OpenedFile, plan: TextPlan, builder: PreviewBuilder): Promise<void> {
  const { samples } = opened;
  const head = await firstRecords(plan, opened);
  for (const record of head) builder.add(record, true);
  // Values of a JSON array and wide encodings have no line ends to begin at again.
  if (plan.shape.container === 'json-array' || opened.wide !== undefined) return;
  const last = head.at(-1);
  const bytesPerLine = last === undefined ? 1 : Math.max(1, (last.byteOffset + last.byteLength) / last.line);
  for (const [index, piece] of samples.others.entries()) {
    const { lines, from } = wholeLines(piece);
    const records = withoutEdges(plan, await collect(plan, lines, opened.wide));
    if (isMisread(plan, records)) continue;
    const offset = (samples.otherOffsets[index] ?? 0) + from;
    const line = Math.round(offset / bytesPerLine);
    for (const record of records)
      builder.add({ ...record, line: line + record.line, byteOffset: offset + record.byteOffset }, false);
  }
}

function totalOf(opened: OpenedFile, builder: PreviewBuilder): FilePreview['total'] {
  const { samples, packed } = opened;
  if (samples.isWhole) return { records: builder.looked, isExact: true };
  const sampled = samples.head.length + samples.others.reduce((sum, piece) => sum + piece.length, 0);
  const seenBytes = Math.max(sampled, builder.bytes);
  // What a compressed file unpacks to is not known: it is taken for as dense as its beginning, at the usual five to one.
  const wholeBytes = packed.compression === 'none' ? packed.sizeBytes : packed.sizeBytes * usualRatio;
  return { records: Math.round((builder.looked / Math.max(1, seenBytes)) * wholeBytes), isExact: false };
}

/** Rows of a columnar file, and how many it has by the share of its bytes that they took. */
async function previewRows(opened: OpenedFile, builder: PreviewBuilder): Promise<FilePreview['total']> {
  let characters = 0;
  for await (const { records, after } of opened.batches(undefined, undefined)) {
    for (const record of records) {
      builder.add(record, true);
      if (record.kind === 'value') characters += JSON.stringify(record.value).length;
    }
    if (builder.looked < rowsLooked && characters < charactersLooked) continue;
    if (opened.rows !== undefined) return { records: opened.rows, isExact: true };
    const share = Math.min(1, after.byteOffset / Math.max(1, opened.packed.sizeBytes));
    return { records: Math.round(builder.looked / Math.max(share, 1e-9)), isExact: false };
  }
  return { records: builder.looked, isExact: true };
}

/**
 * Looks at a file without reading it (D-1): its first MiB (4 MB where no record ends sooner), and of what is not compressed its last 64 KiB and 16 places in between.
 * @throws ForgeError like openRecordSource
 */
export async function previewFile(file: string | RecordFile, options: RecordSourceOptions = {}): Promise<FilePreview> {
  const opened = await openFile(file, { batchRows: rowsAtOnce, ...options });
  const builder = new PreviewBuilder();
  if (opened.plan !== undefined) await previewText(opened, opened.plan, builder);
  const total = opened.plan === undefined ? await previewRows(opened, builder) : totalOf(opened, builder);
  const { looked: records, rejected, fallbackEncoding } = builder;
  return {
    shape: opened.shape,
    sizeBytes: opened.packed.sizeBytes,
    records: builder.records,
    worst: builder.worstFirst(),
    total,
    looked: { records, rejected, fallbackEncoding },
  };
}
