import type { ColumnChunk, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import type { RandomInput } from './byte-input.ts';
import { checkPage } from './parquet-runs.ts';

/** How the values of one column are decoded; hyparquet does not export the name. */
export type ColumnDecoder = Parameters<typeof import('hyparquet/src/column.js').readPage>[2];

/** The parts of hyparquet that decode one page. They are imported lazily, so that nothing pays for them before a Parquet file comes. */
export interface PageDecoding {
  parquetHeader(reader: { view: DataView; offset: number }): PageHeader;
  readPage: typeof import('hyparquet/src/column.js').readPage;
  convert: typeof import('hyparquet/src/convert.js').convert;
  isFlatColumn(schemaPath: SchemaTree[]): boolean;
}

/** Page headers are some dozen bytes, more only for long statistics. */
const usualHeaderBytes = 1_024;
const largestHeaderBytes = 4_194_304;
/** Writers make pages of about 1 MiB; what claims more than this is damaged or made to fill the memory. */
const largestPageBytes = 268_435_456;
/** Values of all columns that are decoded at the same time. */
const mostHeldValues = 16_777_216;

/** Shared by the columns of a row group. */
export interface HeldValues {
  count: number;
}

/**
 * The values of one column of one row group, page after page: a row group may be larger than memory, a page is not. hyparquet itself decodes whole column
 * chunks at once.
 */
export class ColumnPages {
  private readonly decoding: PageDecoding;
  private readonly decoder: ColumnDecoder;
  /** Decodes pages that are unpacked already. */
  private readonly plainDecoder: ColumnDecoder;
  private readonly input: RandomInput;
  private readonly held: HeldValues;
  private readonly isFlat: boolean;
  private offset: number;
  private readonly end: number;
  private dictionary: DecodedArray | undefined;
  private values: DecodedArray = [];
  private used = 0;

  constructor(
    decoding: PageDecoding,
    settings: { decoder: ColumnDecoder; range: { start: number; end: number }; input: RandomInput; held: HeldValues },
  ) {
    this.decoding = decoding;
    this.decoder = settings.decoder;
    this.plainDecoder = { ...settings.decoder, codec: 'UNCOMPRESSED' };
    this.input = settings.input;
    this.held = settings.held;
    this.isFlat = decoding.isFlatColumn(settings.decoder.schemaPath);
    this.offset = settings.range.start;
    this.end = settings.range.end;
  }

  /** The next `count` rows of the column. Throws when the column has fewer. */
  async take(count: number): Promise<ArrayLike<unknown> & Iterable<unknown>> {
    while (this.complete() - this.used < count) {
      if (this.offset >= this.end) throw new Error('a column has fewer values than the table has rows');
      await this.readPage();
    }
    const taken = this.values.slice(this.used, this.used + count);
    this.used += count;
    return taken;
  }

  /** Rows that are whole: the last one of a nested column may go on in the next page. */
  private complete(): number {
    return this.isFlat || this.offset >= this.end ? this.values.length : Math.max(0, this.values.length - 1);
  }

  private async readPage(): Promise<void> {
    const { header, headerBytes } = await this.header();
    const from = this.offset + headerBytes;
    if (header.compressed_page_size < 0 || from + header.compressed_page_size > this.end)
      throw new Error('a page is longer than its column');
    if (!(header.uncompressed_page_size >= 0 && header.uncompressed_page_size <= largestPageBytes))
      throw new Error('a page is too large');
    const described = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
    const values = described?.num_values ?? 0;
    if (!(values >= 0 && this.held.count + values <= mostHeldValues)) throw new Error('its pages have too many values');
    const body = await this.input.read(from, header.compressed_page_size);
    this.offset = from + header.compressed_page_size;
    this.decode(header, body);
  }

  /** The page as it was before it was compressed; in the second version of pages the levels in front never are. */
  private unpacked(header: PageHeader, body: Buffer): Buffer {
    const second = header.data_page_header_v2;
    const { codec, compressors } = this.decoder;
    if (codec === 'UNCOMPRESSED' || second?.is_compressed === false) return body;
    const levels = (second?.repetition_levels_byte_length ?? 0) + (second?.definition_levels_byte_length ?? 0);
    if (!(levels >= 0 && levels <= body.length)) throw new RangeError('the levels of a page are longer than the page');
    const decompress = compressors?.[codec];
    if (decompress === undefined) throw new Error(`the compression ${codec} is not known`);
    const size = header.uncompressed_page_size - levels;
    const values = size === 0 ? new Uint8Array(0) : decompress(body.subarray(levels), size);
    if (values.length !== size) throw new RangeError('a page does not unpack to the size it says');
    return levels === 0
      ? Buffer.from(values.buffer, values.byteOffset, values.byteLength)
      : Buffer.concat([body.subarray(0, levels), values]);
  }

  private decode(packedHeader: PageHeader, body: Buffer): void {
    const page = this.unpacked(packedHeader, body);
    const second = packedHeader.data_page_header_v2;
    const header: PageHeader = {
      ...packedHeader,
      compressed_page_size: page.length,
      uncompressed_page_size: page.length,
    };
    if (second !== undefined) header.data_page_header_v2 = { ...second, is_compressed: false };
    checkPage(page, header, this.decoder);
    const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
    if (header.type === 'DICTIONARY_PAGE') {
      const { data } = this.decoding.readPage(reader, header, this.plainDecoder, undefined, undefined, 0);
      if (data !== undefined) this.dictionary = this.decoding.convert(data, this.decoder);
      return;
    }
    const open = this.isFlat ? undefined : this.openRows();
    const { data } = this.decoding.readPage(reader, header, this.plainDecoder, this.dictionary, open, 0);
    if (data === undefined) return;
    const rest = this.isFlat ? this.values.slice(this.used) : (open ?? []);
    const before = this.values.length;
    this.values = data === open || rest.length === 0 ? data : [...rest, ...data];
    this.held.count += this.values.length - before;
    this.used = 0;
  }

  /** Rows that were not taken yet: the decoder appends to them, and the last one may be continued. */
  private openRows(): unknown[] {
    return Array.from(this.values.slice(this.used) as Iterable<unknown>);
  }

  private async header(): Promise<{ header: PageHeader; headerBytes: number }> {
    for (let length = usualHeaderBytes; ; length *= 8) {
      const wanted = Math.min(length, this.end - this.offset);
      const bytes = await this.input.read(this.offset, wanted);
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      try {
        return { header: this.decoding.parquetHeader(reader), headerBytes: reader.offset };
      } catch (error) {
        if (!(error instanceof RangeError) || wanted < length || length > largestHeaderBytes) throw error;
      }
    }
  }
}

/** Where the bytes of a column chunk are. */
export function chunkRange(chunk: ColumnChunk): { start: number; end: number } {
  const meta = chunk.meta_data;
  if (meta === undefined) throw new Error('a column has no description');
  const dictionary = meta.dictionary_page_offset;
  const start = Number(
    dictionary !== undefined && dictionary > 0n && dictionary < meta.data_page_offset
      ? dictionary
      : meta.data_page_offset,
  );
  return { start, end: start + Number(meta.total_compressed_size) };
}
