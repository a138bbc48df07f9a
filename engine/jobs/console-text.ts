import type { ConsoleChunk as ConsoleText } from '#contract/procedures/job-procedures.ts';
import type { ConsoleChunk } from './console-streams.ts';

/** Bytes at the end that begin a UTF-8 character whose rest has not come yet: 0 to 3. */
export function openTailBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (isContinuation) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

export function decodeConsole(bytes: Uint8Array): string {
  // A byte order mark is a character like any other here: it must not vanish from between two offsets.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

export interface ConsolePage {
  readonly text: string;
  /** Byte offset to go on from: never inside a character. */
  readonly next: number;
  /** Equals `next` where the file ends for now. */
  readonly end: number;
}

/** A page read from the file as text. A character cut off by the page's end is left to the next page. */
export function consolePage(bytes: Uint8Array, place: { offset: number; limitBytes: number }): ConsolePage {
  const isFull = bytes.length >= place.limitBytes;
  const whole = bytes.length - openTailBytes(bytes);
  // A full page smaller than one character would never move on.
  const taken = isFull && whole === 0 ? bytes.length : whole;
  const next = place.offset + taken;
  return { text: decodeConsole(bytes.subarray(0, taken)), next, end: isFull ? next + 1 : next };
}

/** Console bytes as text; offsets stay those of bytes, and a character that two pieces share comes whole with the later one. */
export async function* consoleTexts(chunks: AsyncIterable<ConsoleChunk>): AsyncGenerator<ConsoleText, void, undefined> {
  let kept: Uint8Array = new Uint8Array();
  let offset = 0;
  const takeKept = (): ConsoleText[] => {
    const text = textChunk(offset, kept);
    kept = new Uint8Array();
    return text === null ? [] : [text];
  };
  for await (const chunk of chunks) {
    if (chunk.kind === 'skipped') {
      yield* takeKept();
      yield chunk;
      continue;
    }
    if (kept.length === 0) offset = chunk.offset;
    const bytes = kept.length === 0 ? chunk.bytes : Buffer.concat([kept, chunk.bytes]);
    const whole = bytes.length - openTailBytes(bytes);
    const text = textChunk(offset, bytes.subarray(0, whole));
    kept = bytes.slice(whole);
    offset += whole;
    if (text !== null) yield text;
  }
  yield* takeKept();
}

function textChunk(offset: number, bytes: Uint8Array): ConsoleText | null {
  if (bytes.length === 0) return null;
  return { kind: 'text', offset, next: offset + bytes.length, text: decodeConsole(bytes) };
}
