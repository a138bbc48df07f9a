import { isUtf8 } from 'node:buffer';
import type { RejectReason, RowFlag, TextEncoding } from '#contract/datasets.ts';

/** A record that was cut out of the file, as bytes (UTF-8 or Windows-1252). */
export interface CutRecord {
  readonly line: number;
  readonly bytes: Buffer;
}
/** A record that could not be cut out or decoded. */
export interface BadRecord {
  readonly line: number;
  readonly reason: RejectReason;
  readonly message: string;
  readonly excerpt: string;
}
export type RawRecord = CutRecord | BadRecord;

/** Cuts a stream of bytes into records. */
export interface RecordSplitter {
  push(chunk: Buffer): RawRecord[];
  end(): RawRecord[];
}

export interface RecordLimits {
  /** A longer record is rejected without being kept in memory. */
  readonly maximumRecordBytes: number;
}

/** The beginning of a record for a person to recognise it; undecodable bytes show as a replacement sign. */
export function excerptOf(bytes: Buffer): string {
  return bytes.subarray(0, 200).toString('utf8');
}

export function tooLong(line: number, bytes: Buffer, limits: RecordLimits): BadRecord {
  const message = `the record is longer than ${limits.maximumRecordBytes} bytes`;
  return { line, reason: 'TOO_LONG', message, excerpt: excerptOf(bytes) };
}

/** Turns UTF-16 chunks into UTF-8 so that the splitters see one byte a sign of syntax; other encodings pass unchanged. */
export function createTranscoder(encoding: TextEncoding): { push(chunk: Buffer): Buffer; end(): Buffer } {
  if (encoding !== 'utf-16le' && encoding !== 'utf-16be') return { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
  const decoder = new TextDecoder(encoding);
  return {
    push: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8'),
    end: () => Buffer.from(decoder.decode(), 'utf8'),
  };
}

export type DecodedRecord =
  | { readonly ok: true; readonly text: string; readonly flags: RowFlag[] }
  | { readonly ok: false; readonly rejected: BadRecord };

/** Decodes one record strictly: bytes that are not UTF-8 reject the record instead of turning into replacement signs. */
export function createRecordDecoder(encoding: TextEncoding): (record: CutRecord) => DecodedRecord {
  const fallback = new TextDecoder('windows-1252');
  const wasUtf16 = encoding === 'utf-16le' || encoding === 'utf-16be';
  return ({ line, bytes }) => {
    if (encoding === 'windows-1252') {
      const wide = bytes.some((byte) => byte >= 0x80);
      return { ok: true, text: fallback.decode(bytes), flags: wide ? ['FALLBACK_ENCODING'] : [] };
    }
    if (!isUtf8(bytes)) {
      const message = 'it is not UTF-8 like the rest of the file';
      return { ok: false, rejected: { line, reason: 'BAD_ENCODING', message, excerpt: excerptOf(bytes) } };
    }
    const text = bytes.toString('utf8');
    return { ok: true, text, flags: wasUtf16 && text.includes('\uFFFD') ? ['REPLACED_CHARACTER'] : [] };
  };
}

/** True for a record of spaces only, which is not a record. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || (byte >= 9 && byte <= 13));
}
