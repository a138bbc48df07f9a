import type { ByteInput } from './byte-input.ts';

export const wideEncodings = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;
export type WideEncoding = (typeof wideEncodings)[number];

export function isWideEncoding(name: string): name is WideEncoding {
  return (wideEncodings as readonly string[]).includes(name);
}

const chunkBytes = 262_144;

/** Whole units of UTF-32 as text; what is no character becomes the replacement sign. */
function utf32Text(bytes: Buffer, isLittle: boolean): string {
  const signs: string[] = [];
  for (let position = 0; position < bytes.length; position += 4) {
    const point =
      position + 4 > bytes.length ? 0xfffd : isLittle ? bytes.readUInt32LE(position) : bytes.readUInt32BE(position);
    const isCharacter = point < 0xd800 || (point > 0xdfff && point <= 0x10ffff);
    signs.push(isCharacter ? String.fromCodePoint(point) : '\uFFFD');
  }
  return signs.join('');
}

type Convert = (bytes: Buffer, isLast: boolean) => Buffer;

function utf32Converter(isLittle: boolean): Convert {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes, isLast) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole = isLast ? all.length : all.length - (all.length % 4);
    rest = Buffer.from(all.subarray(whole));
    return Buffer.from(utf32Text(all.subarray(0, whole), isLittle), 'utf8');
  };
}

function converter(encoding: WideEncoding): Convert {
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return utf32Converter(encoding === 'utf-32le');
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (bytes, isLast) => Buffer.from(decoder.decode(bytes, { stream: !isLast }), 'utf8');
}

/** Bytes that UTF-8 text had before: every character is one unit of UTF-32; in UTF-16 those of four bytes are two units, the others one. */
function originalLength(encoding: WideEncoding): (bytes: Buffer, from: number, to: number) => number {
  const [unit, long] = encoding.startsWith('utf-32') ? [4, 4] : [2, 4];
  return (bytes, from, to) => {
    let length = 0;
    for (let position = from; position < to; position += 1) {
      const byte = bytes[position] ?? 0;
      if (byte >= 0xf0) length += long;
      else if (byte < 0x80 || byte >= 0xc0) length += unit;
    }
    return length;
  };
}

/** UTF-16 or UTF-32 as UTF-8, so that every way of cutting sees one byte a sign of syntax. Places stay those of the file. */
export function convertingInput(input: ByteInput, encoding: WideEncoding): ByteInput {
  const convert = converter(encoding);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let ready: Buffer = Buffer.alloc(0);
  let isDone = false;
  return {
    ...input,
    async read(target, at) {
      while (ready.length === 0 && !isDone) {
        const length = await input.read(chunk, 0);
        isDone = length === 0;
        ready = convert(chunk.subarray(0, length), isDone);
      }
      const length = ready.copy(target, at);
      ready = ready.subarray(length);
      return length;
    },
    sourceLength: originalLength(encoding),
  };
}
