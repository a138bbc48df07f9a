import type { ByteInput } from './byte-input.ts';

/** `ARROW1` and two bytes of padding stand in front of the stream that a file of this format holds. */
const fileMagic = 'ARROW1';
const magicBytes = 8;
/** In front of a message's length since Arrow 0.15. */
const continuation = 0xffffffff;
const largestMetadataBytes = 16_777_216;
/** One batch of rows; writers make them of some MiB. */
const largestBodyBytes = 1_073_741_824;
const deepestField = 64;

/** One table of FlatBuffers ("FlatBuffers internals": offsets, vtables, vectors). Reads out of bounds throw RangeError. */
class FlatTable {
  private readonly bytes: Buffer;
  private readonly at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  static root(bytes: Buffer): FlatTable {
    return new FlatTable(bytes, bytes.readUInt32LE(0));
  }

  byte(field: number): number {
    const place = this.place(field);
    return place === undefined ? 0 : this.bytes.readUInt8(place);
  }

  long(field: number): bigint {
    const place = this.place(field);
    return place === undefined ? 0n : this.bytes.readBigInt64LE(place);
  }

  table(field: number): FlatTable | undefined {
    const place = this.target(field);
    return place === undefined ? undefined : new FlatTable(this.bytes, place);
  }

  /** Number of elements, each of `elementBytes`. Throws where they would not fit into the message. */
  vector(field: number, elementBytes: number): number {
    const place = this.target(field);
    if (place === undefined) return 0;
    const count = this.bytes.readUInt32LE(place);
    if (place + 4 + count * elementBytes > this.bytes.length) throw new RangeError('a list is longer than its message');
    return count;
  }

  tables(field: number): FlatTable[] {
    const count = this.vector(field, 4);
    const first = (this.target(field) ?? 0) + 4;
    return Array.from({ length: count }, (_, index) => {
      const place = first + index * 4;
      return new FlatTable(this.bytes, place + this.bytes.readUInt32LE(place));
    });
  }

  private target(field: number): number | undefined {
    const place = this.place(field);
    return place === undefined ? undefined : place + this.bytes.readUInt32LE(place);
  }

  private place(field: number): number | undefined {
    const table = this.at - this.bytes.readInt32LE(this.at);
    if (this.bytes.readUInt16LE(table) <= 4 + field * 2) return undefined;
    const offset = this.bytes.readUInt16LE(table + 4 + field * 2);
    return offset === 0 ? undefined : this.at + offset;
  }
}

// The numbers of the fields are those of format/Message.fbs and format/Schema.fbs of Apache Arrow.
const kinds = { schema: 1, dictionary: 2, batch: 3 } as const;
const unionType = 14;

function checkField(field: FlatTable, depth: number): void {
  if (depth > deepestField) throw new RangeError('its columns are nested too deep');
  if (field.byte(2) === unionType) field.table(3)?.vector(1, 4);
  field.tables(6);
  for (const child of field.tables(5)) checkField(child, depth + 1);
}

function checkBatch(batch: FlatTable | undefined): void {
  batch?.vector(1, 16);
  batch?.vector(2, 16);
  batch?.vector(4, 8);
}

/** The library believes every length in a message and would fill the memory. Throws RangeError; gives the length of the body. */
export function checkMessage(metadata: Buffer): number {
  const message = FlatTable.root(metadata);
  const kind = message.byte(1);
  const header = message.table(2);
  message.tables(4);
  if (kind === kinds.batch) checkBatch(header);
  else if (kind === kinds.dictionary) checkBatch(header?.table(1));
  else if (kind === kinds.schema) {
    header?.tables(2);
    header?.vector(3, 8);
    for (const field of header?.tables(1) ?? []) checkField(field, 0);
  } else throw new RangeError(`a message of kind ${kind} has no rows`);
  const bodyBytes = Number(message.long(3));
  if (!(bodyBytes >= 0 && bodyBytes <= largestBodyBytes)) throw new RangeError('a batch of rows is too large');
  return bodyBytes;
}

/** The messages of a stream or a file, checked before the library sees them; what is damaged ends it. */
export class ArrowMessages {
  /** Bytes that were read. */
  position = 0;
  /** The mark of the end came: nothing is missing. */
  isComplete = false;
  /** What ended it too early, in words. */
  problem = 'it ends too early';
  private readonly input: ByteInput;

  constructor(input: ByteInput) {
    this.input = input;
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    let prefix = await this.take(magicBytes);
    if (prefix.toString('latin1', 0, fileMagic.length) === fileMagic) prefix = await this.take(magicBytes);
    while (prefix.length === magicBytes) {
      const isMarked = prefix.readUInt32LE(0) === continuation;
      const length = prefix.readUInt32LE(isMarked ? 4 : 0);
      if (length === 0) {
        this.isComplete = true;
        return;
      }
      const message = await this.message(isMarked ? Buffer.alloc(0) : prefix.subarray(4), length);
      if (message === undefined) return;
      yield Buffer.concat([this.head(length), ...message]);
      prefix = await this.take(magicBytes);
    }
  }

  /** The first message, which describes the columns, and the mark of the end behind it: no rows are read. */
  async *schema(): AsyncGenerator<Uint8Array> {
    for await (const message of this.bytes()) {
      yield message;
      break;
    }
    yield this.head(0);
  }

  private head(length: number): Buffer {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(continuation, 0);
    head.writeUInt32LE(length, 4);
    return head;
  }

  /** Metadata and body of one message; `begun` are metadata bytes that were read with the length. */
  private async message(begun: Buffer, length: number): Promise<Buffer[] | undefined> {
    if (length > largestMetadataBytes || length < begun.length) return this.fail('the length of a message is wrong');
    const metadata = Buffer.concat([begun, await this.take(length - begun.length)]);
    if (metadata.length < length) return undefined;
    try {
      const bodyBytes = checkMessage(metadata);
      const body = await this.take(bodyBytes);
      return body.length < bodyBytes ? undefined : [metadata, body];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.fail(error.message);
    }
  }

  private fail(problem: string): undefined {
    this.problem = problem;
    return undefined;
  }

  /** So many bytes, fewer at the end. What is not there is never allocated. */
  private async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let taken = 0;
    while (taken < length) {
      const part = Buffer.allocUnsafeSlow(Math.min(length - taken, 1_048_576));
      const read = await this.input.read(part, 0);
      if (read === 0) break;
      parts.push(part.subarray(0, read));
      taken += read;
    }
    this.position += taken;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }
}
