/** A JSON object as an answer: its own keys and their values. */
export type JsonAnswer = ReadonlyMap<string, unknown>;

/** Longer answers are read up to here; a model that rambles further has no valid answer. */
const readCharacters = 65_536;
/** Places where an object could begin that are tried. */
const triedPlaces = 64;

/** Index behind the bracket that closes the object beginning at `start`; -1 when it is never closed. */
function endOfObject(text: string, start: number): number {
  let [depth, inString] = [0, false];
  for (let index = start; index < text.length; index += 1) {
    const sign = text[index];
    if (inString) {
      if (sign === '\\') index += 1;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return -1;
}

/** The text as a JSON object, or undefined. */
export function parseJsonObject(text: string): JsonAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The first complete JSON object in an answer; text, code fences and remarks around it are tolerated. */
export function findJsonObject(answer: string): JsonAnswer | undefined {
  const text = answer.slice(0, readCharacters);
  let start = text.indexOf('{');
  for (let tried = 0; start !== -1 && tried < triedPlaces; tried += 1) {
    const end = endOfObject(text, start);
    const found = end === -1 ? undefined : parseJsonObject(text.slice(start, end));
    if (found !== undefined) return found;
    start = text.indexOf('{', start + 1);
  }
  return undefined;
}

/** One spelling for equal values: strings trimmed, keys of inner objects sorted. Case and inner spaces count. */
export function canonicalValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.trim());
  if (Array.isArray(value)) return `[${value.map(canonicalValue).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalValue(inner)}`).join(',')}}`;
}
