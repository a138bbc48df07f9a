import type { Hash } from 'node:crypto';
import type { CutRecord, RecordBatch, RecordPosition } from '#core/foundry/record-source.ts';
import type { ByteInput } from './byte-input.ts';
import { createCsvCutter } from './csv-cutter.ts';
import { badRecord, type CutContext, type RecordCutter } from './cut-context.ts';
import { createJsonReader, createLineCutter, type SpanReader } from './json-line-cutter.ts';
import { JsonValueCutter } from './json-value-cutter.ts';
import { badEncoding, decodeText, readableRecord } from './readable-record.ts';
import { RecordWindow } from './record-window.ts';
import type { TextShape } from './sniff-text.ts';

/** Records a batch has at most, and bytes after which it is handed on. */
const batchRecords = 1_000;
const batchBytes = 1_048_576;
export const usualWindowBytes = 1_048_576;

/** Everything that reading the records of one text needs. */
export interface TextPlan {
  readonly shape: TextShape;
  readonly context: CutContext;
  readonly windowBytes: number;
  readonly signal: AbortSignal | undefined;
  /** The text from a byte offset on, decompressed and as UTF-8. `hash` is fed with the bytes of the file as they are read. */
  openInput(offset: number, hash?: Hash): Promise<ByteInput>;
}

function createTextReader(context: CutContext): SpanReader {
  return (window, span) => {
    const record = readableRecord(window, span, context);
    if (record === undefined) return badRecord(window, span, badEncoding);
    const byteOffset = window.offsetOf(span.from);
    const byteLength = window.lengthOf(span.from, span.to);
    const fields = [decodeText(record, record.from, record.to)];
    return { kind: 'fields', line: window.line, byteOffset, byteLength, flags: record.flags, fields };
  };
}

function createCutter({ shape, context }: TextPlan, from: RecordPosition | undefined): RecordCutter {
  if (shape.container === 'csv')
    return createCsvCutter({ delimiter: shape.delimiter ?? ',', columns: shape.columns.length }, context);
  if (shape.container === 'json-array')
    return new JsonValueCutter(context, createJsonReader(context), from?.inArray ?? false);
  return createLineCutter(context, shape.container === 'text' ? createTextReader(context) : createJsonReader(context));
}

/** Says that a compressed file did not come to its real end. */
function damageRecord(window: RecordWindow, damage: string): CutRecord {
  return badRecord(
    window,
    { from: window.end, to: window.end },
    { reason: 'TRUNCATED', message: `${damage}: what followed is lost` },
  );
}

class BatchBuilder {
  private records: CutRecord[] = [];
  private bytes = 0;
  /** The last record was cut off by the end of the text. */
  endsCutOff = false;
  /** Right behind the last record: the cutter may have gone on since, to the next one that is not whole yet. */
  private place: { start: number; line: number; inArray?: boolean } = { start: 0, line: 1 };
  private total: number;
  private readonly window: RecordWindow;
  private readonly cutter: RecordCutter;

  constructor(window: RecordWindow, cutter: RecordCutter, total: number) {
    this.window = window;
    this.cutter = cutter;
    this.total = total;
  }

  add(record: CutRecord): void {
    this.records.push(record);
    this.bytes += record.byteLength;
    this.total += 1;
    this.endsCutOff = record.kind === 'bad' && record.reason === 'TRUNCATED';
    this.place = { start: this.window.start, line: this.window.line };
    if (this.cutter instanceof JsonValueCutter) this.place.inArray = this.cutter.inArray;
  }

  isFull(): boolean {
    return this.records.length >= batchRecords || this.bytes >= batchBytes;
  }

  hasRecords(): boolean {
    return this.records.length > 0;
  }

  take(): RecordBatch {
    const { records, window } = this;
    this.records = [];
    this.bytes = 0;
    const { start, ...place } = this.place;
    return { records, after: { byteOffset: window.offsetOf(start), ...place, records: this.total } };
  }
}

async function skipHeader(window: RecordWindow, cutter: RecordCutter): Promise<void> {
  while (cutter.next(window) === undefined && !window.atEnd) await window.fill();
}

/** The records of a text in batches, from the beginning or from a position that an earlier reading gave. */
export async function* textBatches(
  plan: TextPlan,
  from: RecordPosition | undefined,
  hash: Hash | undefined,
): AsyncGenerator<RecordBatch> {
  if (from?.isEnd === true) return;
  const { shape, signal, windowBytes } = plan;
  const offset = from?.byteOffset ?? shape.dataStart;
  const input = await plan.openInput(offset, hash);
  try {
    const window = new RecordWindow(input, { offset, line: from?.line ?? shape.dataLine, windowBytes });
    const cutter = createCutter(plan, from);
    if (from === undefined && shape.hasHeader) await skipHeader(window, cutter);
    const batch = new BatchBuilder(window, cutter, from?.records ?? 0);
    for (;;) {
      signal?.throwIfAborted();
      const record = cutter.next(window);
      if (record !== undefined) {
        batch.add(record);
        if (batch.isFull()) yield batch.take();
        continue;
      }
      if (window.atEnd) break;
      if (batch.hasRecords() && !cutter.isSkipping()) yield batch.take();
      await window.fill();
    }
    const damage = window.damage();
    if (damage !== undefined && !batch.endsCutOff) batch.add(damageRecord(window, damage));
    if (!batch.hasRecords()) return;
    const last = batch.take();
    // Half a sign at the very end would else be read once more by whoever goes on from here.
    yield { ...last, after: { ...last.after, isEnd: true } };
  } finally {
    await input.close();
  }
}
