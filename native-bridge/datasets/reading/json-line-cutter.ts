import type { CutRecord } from '#core/foundry/record-source.ts';
import { badRecord, isBlank, tooLong, type CutContext, type RecordCutter } from './cut-context.ts';
import { createJsonParser } from './json-record.ts';
import { createLineSkipper } from './line-skipper.ts';
import { badEncoding, readableRecord } from './readable-record.ts';
import type { RecordWindow } from './record-window.ts';

export type SpanReader = (window: RecordWindow, span: { from: number; to: number }, isLast: boolean) => CutRecord;

/** Makes a record of the bytes of one JSON value. */
export function createJsonReader(context: CutContext): SpanReader {
  const parse = createJsonParser();
  return (window, span, isLast) => {
    const record = readableRecord(window, span, context);
    if (record === undefined) return badRecord(window, span, badEncoding);
    const parsed = parse(record, isLast);
    if ('problem' in parsed) return badRecord(window, span, parsed.problem);
    return {
      kind: 'value',
      line: window.line,
      byteOffset: window.offsetOf(span.from),
      byteLength: window.lengthOf(span.from, span.to),
      flags: parsed.flags,
      value: parsed.value,
    };
  };
}

/** Cuts lines (LF, CRLF or CR); `read` makes a record of each that is not blank. */
export function createLineCutter(context: CutContext, read: SpanReader): RecordCutter {
  const skipper = createLineSkipper();

  /** The record of the line at `window.start`, null for a blank one, undefined when its end is not there yet. */
  function cut(window: RecordWindow): CutRecord | null | undefined {
    const { start } = window;
    const found = window.lineEnd(start);
    const next = found === -1 ? -1 : window.behindLineEnd(found);
    const length = (found === -1 ? window.end : found) - start;
    if (length > context.maximumRecordBytes) return skipper.begin(window, tooLong(context), context.maximumRecordBytes);
    if (next === -1 && !window.atEnd) return undefined;
    const end = start + length;
    const record = isBlank(window.bytes, start, end) ? null : read(window, { from: start, to: end }, next === -1);
    window.advance(next === -1 ? end : next, next === -1 ? 0 : 1);
    return record;
  }

  return {
    isSkipping: () => skipper.isActive(),
    next(window) {
      if (skipper.isActive()) return skipper.goOn(window);
      for (;;) {
        if (!window.passMark() || window.start === window.end) return undefined;
        const record = cut(window);
        if (record !== null) return record;
      }
    },
  };
}
