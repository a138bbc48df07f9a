import { readLineBatches, type RowLine } from './row-lines.ts';

/** Keys of a row whose values are its texts (`row-texts.ts`). */
const textKeys: ReadonlySet<string> = new Set(['content', 'text', 'arguments']);
const mostHits = 50_000_000;

interface Search {
  /** As it stands inside the JSON of a row, folded. */
  readonly needle: string;
  readonly isAscii: boolean;
}

function searchFor(text: string): Search {
  const needle = JSON.stringify(text).slice(1, -1).toLowerCase();
  return { needle, isAscii: /^[\0-\x7f]*$/.test(needle) };
}

/** The lines of a batch lie behind one another: folding all of them at once costs far less than one by one. */
function foldedText(lines: readonly RowLine[], isAscii: boolean): string {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return '';
  const length = last.offset + last.bytes.length - first.offset;
  const bytes = Buffer.from(first.bytes.buffer, first.bytes.byteOffset, length);
  // No byte of a character beyond ASCII is one of ASCII, so that the cheaper reading serves.
  return bytes.toString(isAscii ? 'latin1' : 'utf8').toLowerCase();
}

/** True when the sign at `place` is the second half of an escape (`\n`), no sign of its own. */
function isEscaped(json: string, place: number): boolean {
  let backslashes = 0;
  while (json[place - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function closingQuote(json: string, from: number): number {
  let place = json.indexOf('"', from);
  while (place !== -1 && isEscaped(json, place)) place = json.indexOf('"', place + 1);
  return place;
}

interface Match {
  readonly needle: string;
  /** Its line: [start, end). */
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** Whether a match, or a later one of its line, lies in a text of the row and not in a key, an id or a place. */
function isInTexts(json: string, { needle, start, end, at }: Match): boolean {
  let [key, match] = ['', at];
  for (let open = json.indexOf('"', start); open !== -1 && open < end;) {
    const close = closingQuote(json, open + 1);
    if (close === -1) return false;
    while (match <= open || (match < close && isEscaped(json, match))) {
      match = json.indexOf(needle, Math.max(match, open) + 1);
      if (match === -1 || match >= end) return false;
    }
    if (json[close + 1] === ':') key = json.slice(open + 1, close);
    else if (textKeys.has(key) && match + needle.length <= close) return true;
    open = json.indexOf('"', close + 1);
  }
  return false;
}

function linesWith(lines: readonly RowLine[], { needle, isAscii }: Search): number[] {
  const folded = foldedText(lines, isAscii);
  const found: number[] = [];
  let [index, start] = [0, 0];
  for (let at = folded.indexOf(needle); at !== -1; at = folded.indexOf(needle, start)) {
    for (let end = folded.indexOf('\n', start); end !== -1 && end < at; end = folded.indexOf('\n', start)) {
      start = end + 1;
      index += 1;
    }
    const next = folded.indexOf('\n', at);
    const end = next === -1 ? folded.length : next;
    if (isInTexts(folded, { needle, start, end, at })) found.push(index);
    if (next === -1) break;
    start = next + 1;
    index += 1;
  }
  return found;
}

/**
 * Places of the rows that hold a text, upper and lower case alike. Reads the whole file, some hundred MB a second, in pieces between which an abort is heard.
 */
export async function searchRows(file: string, text: string, signal: AbortSignal | undefined): Promise<Uint32Array> {
  const search = searchFor(text);
  const places: number[] = [];
  let place = 0;
  for await (const lines of readLineBatches(file)) {
    signal?.throwIfAborted();
    for (const index of linesWith(lines, search)) if (places.length < mostHits) places.push(place + index);
    place += lines.length;
  }
  return Uint32Array.from(places);
}
