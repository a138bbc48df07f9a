const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** Behind the string that begins at `from`; the end where it is not closed. */
function stringEnd(bytes: Buffer, from: number): number {
  let position = from + 1;
  while (position < bytes.length && bytes[position] !== quote) position += bytes[position] === backslash ? 2 : 1;
  return position + 1;
}

function afterSpaces(bytes: Buffer, from: number): number {
  let position = from;
  while (isSpace(bytes[position])) position += 1;
  return position;
}

/**
 * In the beginning of a JSON object that is too large to be looked at as a whole: where the records of its first list of objects begin, right behind the
 * bracket, as in `{"exported": "...", "items": [{...}, ...`. Null where there is none.
 */
export function wrappedListStart(bytes: Buffer, from: number): number | null {
  let position = afterSpaces(bytes, from);
  if (bytes[position] !== openBrace) return null;
  let [depth, isValue] = [0, false];
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === quote) {
      position = stringEnd(bytes, position);
      continue;
    }
    if (byte === openBracket && depth === 1 && isValue) {
      const first = afterSpaces(bytes, position + 1);
      if (bytes[first] === openBrace) return position + 1;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    if (byte === closeBrace || byte === closeBracket) depth -= 1;
    if (depth === 0) return null;
    isValue = byte === colon || (isValue && byte !== comma);
    position += 1;
  }
  return null;
}
