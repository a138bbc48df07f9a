import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import type { CutRecord, RecordShape } from '#core/foundry/record-source.ts';
import type { RejectEntry } from '#contract/dataset-versions.ts';

/** As many bytes of a rejected record are kept (D-3). */
const headBytes = 2_000;

/** Gives the first bytes of records as they stand in their file; a reader that cut them well did not keep them. */
export interface RejectHeads {
  headOf(record: CutRecord): Pick<RejectEntry, 'head' | 'headEncoding'>;
  close(): void;
}

/** Without the bytes of a character that the limit cut in two. */
function whole(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) end = bytes.length - back;
    break;
  }
  return bytes.subarray(0, end);
}

function encoded(bytes: Uint8Array): Pick<RejectEntry, 'head' | 'headEncoding'> {
  const text = bytes.length >= headBytes ? whole(bytes) : bytes;
  if (isUtf8(text)) return { head: Buffer.from(text).toString('utf8'), headEncoding: 'utf-8' };
  return { head: Buffer.from(bytes).toString('base64'), headEncoding: 'base64' };
}

const textContainers: readonly RecordShape['container'][] = ['csv', 'jsonl', 'json-array', 'text'];

/** @param file path on the disk; read again at a record's offset where the file is plain text, else the record is written as JSON */
export function openRejectHeads(file: string, { container, compression }: RecordShape): RejectHeads {
  const isPlain = compression === 'none' && textContainers.includes(container);
  let descriptor: number | null = null;
  return {
    headOf(record) {
      if (record.kind === 'bad') return encoded(record.head);
      if (!isPlain) {
        const text = JSON.stringify(record.kind === 'fields' ? record.fields : record.value) ?? '';
        return encoded(Buffer.from(text.slice(0, headBytes)).subarray(0, headBytes));
      }
      descriptor ??= openSync(file, 'r');
      const bytes = Buffer.alloc(Math.min(headBytes, record.byteLength));
      const read = readSync(descriptor, bytes, 0, bytes.length, record.byteOffset);
      return encoded(bytes.subarray(0, read));
    },
    close() {
      if (descriptor !== null) closeSync(descriptor);
    },
  };
}
