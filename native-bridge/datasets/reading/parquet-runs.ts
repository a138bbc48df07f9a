import type { PageHeader, SchemaTree } from 'hyparquet';

/** What the checks need to know of a column. */
export interface RunColumn {
  readonly type: string;
  readonly schemaPath: readonly SchemaTree[];
}

const widestRun = 32;

/** Levels of a column: one for each part of its path that may be missing (definition) or repeated. */
function levelWidths({ schemaPath }: RunColumn): { repetition: number; definition: number } {
  const kinds = schemaPath.slice(1).map(({ element }) => element.repetition_type);
  const width = (levels: number): number => 32 - Math.clz32(levels);
  return {
    repetition: width(kinds.filter((kind) => kind === 'REPEATED').length),
    definition: width(kinds.filter((kind) => kind !== 'REQUIRED').length),
  };
}

function varInt(page: Buffer, at: { position: number }): number {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = page.readUInt8(at.position);
    at.position += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
    shift += 7;
    if (shift > widestRun) throw new RangeError('a run in a page is longer than can be');
  }
}

/**
 * The runs of "RLE / bit-packed hybrid" (Parquet encodings) that give `count` values must not give more: the decoder would follow a run of two billion
 * values. Only the last bit-packed run may be longer, by what fills its last group of eight. `isMost` says that there may be fewer values.
 */
function checkRuns(page: Buffer, from: number, runs: { count: number; width: number; isMost?: boolean }): void {
  const { count, width, isMost = false } = runs;
  if (width > widestRun) throw new RangeError('values in a page have more bits than can be');
  const at = { position: from };
  for (let seen = 0; seen < count && !(isMost && at.position >= page.length);) {
    const header = varInt(page, at);
    const isPacked = header % 2 === 1;
    const run = isPacked ? Math.floor(header / 2) * 8 : header / 2;
    if (run > count - seen + (isPacked ? 7 : 0)) throw new RangeError('a run in a page is longer than the page');
    at.position += isPacked ? (run * width) / 8 : Math.ceil(width / 8);
    seen += run;
  }
}

/** Runs whose length stands in front; gives the position behind them. */
function checkMeasuredRuns(page: Buffer, from: number, runs: { count: number; width: number }): number {
  if (runs.width === 0) return from;
  const length = page.readUInt32LE(from);
  checkRuns(page, from + 4, runs);
  return from + 4 + length;
}

/** The values of a page are runs themselves when they are places in a dictionary, or truth values. How many are not missing is not known yet. */
function checkValues(page: Buffer, from: number, values: { encoding: string; count: number; type: string }): void {
  const { encoding, count, type } = values;
  const isRuns = encoding === 'RLE' || encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY';
  if (!isRuns || from >= page.length) return;
  if (type === 'BOOLEAN') checkRuns(page, from + 4, { count, width: 1, isMost: true });
  else checkRuns(page, from + 1, { count, width: page.readUInt8(from), isMost: true });
}

/** Looks through a page that is not compressed any more, before it is decoded. Throws RangeError on damage. */
export function checkPage(page: Buffer, header: PageHeader, column: RunColumn): void {
  const widths = levelWidths(column);
  const first = header.data_page_header;
  if (first !== undefined) {
    const { num_values: count, encoding } = first;
    const levels = checkMeasuredRuns(page, 0, { count, width: widths.repetition });
    const values = checkMeasuredRuns(page, levels, { count, width: widths.definition });
    checkValues(page, values, { encoding, count, type: column.type });
  }
  const second = header.data_page_header_v2;
  if (second === undefined) return;
  const { num_values: count, encoding } = second;
  const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = second;
  if (!(repetition >= 0 && definition >= 0 && repetition + definition <= page.length))
    throw new RangeError('the levels of a page are longer than the page');
  if (widths.repetition > 0) checkRuns(page, 0, { count, width: widths.repetition });
  if (widths.definition > 0) checkRuns(page, repetition, { count, width: widths.definition });
  checkValues(page, repetition + definition, { encoding, count, type: column.type });
}
