import type { RecordFlag } from '#core/foundry/record-source.ts';
import { noFlags, type CutContext } from './cut-context.ts';
import type { RecordWindow, TextProof } from './record-window.ts';

/** A record as UTF-8 without NULs: in the window itself where nothing had to be changed, else in a buffer of its own. */
export interface ReadableRecord {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly proof: Exclude<TextProof, 'other'>;
  readonly flags: readonly RecordFlag[];
}

const replacement = Buffer.from('\uFFFD', 'utf8');

function withoutNuls(bytes: Buffer): Buffer {
  return Buffer.from(bytes.filter((byte) => byte !== 0));
}

/** D-4: UTF-8, then declared, then detected; undefined when none fits (BAD_ENCODING). */
export function readableRecord(
  window: RecordWindow,
  span: { from: number; to: number },
  { fallbacks }: CutContext,
): ReadableRecord | undefined {
  const { from, to } = span;
  const proof = window.textOf(from, to);
  if (proof !== 'other' && !window.hasNul && !window.isConverted)
    return { bytes: window.bytes, from, to, proof, flags: noFlags };
  const flags: RecordFlag[] = [];
  let bytes = window.bytes.subarray(from, to);
  if (window.hasNul && bytes.includes(0)) {
    bytes = withoutNuls(bytes);
    flags.push('NUL_REMOVED');
  }
  if (window.isConverted && bytes.includes(replacement)) flags.push('REPLACED_CHARACTER');
  if (proof !== 'other') return { bytes, from: 0, to: bytes.length, proof, flags };
  for (const fallback of fallbacks) {
    const text = fallback.decode(bytes);
    if (text === undefined) continue;
    const decoded = Buffer.from(text, 'utf8');
    return { bytes: decoded, from: 0, to: decoded.length, proof: 'utf-8', flags: ['FALLBACK_ENCODING', ...flags] };
  }
  return undefined;
}

/** What `toString` calls once it has looked at its arguments; these calls are made once a record. */
type SlicedBuffer = Buffer & {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
};

/** A part of a record as text. */
export function decodeText(record: ReadableRecord, from: number, to: number): string {
  const bytes = record.bytes as SlicedBuffer;
  return record.proof === 'ascii' ? bytes.latin1Slice(from, to) : bytes.utf8Slice(from, to);
}

export const badEncoding = {
  reason: 'BAD_ENCODING',
  message: 'its bytes are neither UTF-8 nor any other encoding that the file seems to have',
} as const;
