const magic = 0x184d2204;
/** In a block's length: the bytes are stored as they are. */
const storedBit = 0x80000000;

/** A growing output, because matches of one block may reach back into earlier ones. */
interface Output {
  bytes: Buffer;
  length: number;
  readonly limit: number;
}

function reserve(output: Output, more: number): void {
  const needed = output.length + more;
  if (needed > output.limit) throw new RangeError('LZ4: more comes out than is allowed');
  if (needed <= output.bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.min(output.limit, Math.max(needed, output.bytes.length * 2)));
  output.bytes.copy(larger, 0, 0, output.length);
  output.bytes = larger;
}

/** Copies a match, which may overlap what it writes. */
function copyMatch(output: Output, distance: number, length: number): void {
  if (distance === 0 || distance > output.length)
    throw new RangeError('LZ4: a match reaches in front of the beginning');
  reserve(output, length);
  const { bytes } = output;
  let to = output.length;
  output.length += length;
  if (distance >= length) {
    bytes.copyWithin(to, to - distance, to - distance + length);
    return;
  }
  for (; to < output.length; to += 1) bytes[to] = bytes[to - distance] ?? 0;
}

/** A length of 15 goes on in the following bytes, as long as they are 255. */
function longLength(block: Buffer, at: { position: number }, nibble: number): number {
  let length = nibble;
  if (nibble < 15) return length;
  for (let byte = 255; byte === 255;) {
    byte = block.readUInt8(at.position);
    at.position += 1;
    length += byte;
  }
  return length;
}

/** "LZ4 Block Format Description", github.com/lz4/lz4. */
function decodeBlock(block: Buffer, output: Output): void {
  const at = { position: 0 };
  while (at.position < block.length) {
    const token = block.readUInt8(at.position);
    at.position += 1;
    const literals = longLength(block, at, token >> 4);
    if (at.position + literals > block.length) throw new RangeError('LZ4: the block ends too early');
    reserve(output, literals);
    block.copy(output.bytes, output.length, at.position, at.position + literals);
    output.length += literals;
    at.position += literals;
    // The last sequence of a block has no match.
    if (at.position === block.length) return;
    const distance = block.readUInt16LE(at.position);
    at.position += 2;
    copyMatch(output, distance, longLength(block, at, token & 15) + 4);
  }
}

/** Bytes of the frame's header behind the magic number, from its flags. */
function headerBytes(flags: number): number {
  return 3 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
}

/**
 * Decompresses one LZ4 frame ("LZ4 Frame Format Description", version 1); checksums are not asked for. Node has no LZ4 of its own, and pandas writes
 * Feather files with it. Throws RangeError on damage and where more than `limit` bytes come out.
 */
export function lz4Frame(data: Uint8Array, limit: number): Uint8Array {
  const frame = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (frame.readUInt32LE(0) !== magic) throw new RangeError('LZ4: not a frame');
  const flags = frame.readUInt8(4);
  const blockChecksum = (flags & 0x10) === 0 ? 0 : 4;
  const output: Output = { bytes: Buffer.allocUnsafeSlow(Math.min(limit, data.byteLength * 4)), length: 0, limit };
  for (let position = 4 + headerBytes(flags); ;) {
    const word = frame.readUInt32LE(position);
    position += 4;
    if (word === 0) return output.bytes.subarray(0, output.length);
    const length = word & ~storedBit;
    if (position + length > frame.length) throw new RangeError('LZ4: the frame ends too early');
    const block = frame.subarray(position, position + length);
    if ((word & storedBit) === 0) decodeBlock(block, output);
    else {
      reserve(output, length);
      output.length += block.copy(output.bytes, output.length);
    }
    position += length + blockChecksum;
  }
}
