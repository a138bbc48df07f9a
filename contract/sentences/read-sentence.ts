/** A text that was found to be one of the known sentences. */
export interface ReadSentence {
  readonly key: string;
  /** Texts of the places as they stood in the sentence; figures under their names without `#`. */
  readonly values: Readonly<Record<string, string>>;
}

/** A longer text is no sentence of a few words; it is left alone. */
const longestText = 8_000;
/** What stands there is a name of one word. */
const wordPlaces = new Set(['id', 'repository', 'host', 'type', 'version']);
const figure = /^[-+]?\d[\d.,]*(e[-+]?\d+)?$/;

interface Template {
  readonly key: string;
  /** Literal texts around the places: one more than there are places. */
  readonly literals: readonly string[];
  readonly places: readonly string[];
  readonly literalLength: number;
  /** Has so few words of its own that any sentence could look like it. */
  readonly isVague: boolean;
}

/** Letters of its own that a template needs to be told from any other text. */
const tellingLetters = 16;

function parse(key: string, text: string): Template {
  const parts = text.split(/\{(\w+#?)\}/);
  const literals = parts.filter((_, index) => index % 2 === 0);
  const places = parts.filter((_, index) => index % 2 === 1);
  const letters = literals.join('').replace(/[^a-z]/gi, '').length;
  const isVague = letters < tellingLetters && !places.some((place) => place.endsWith('#'));
  return { key, literals, places, literalLength: literals.join('').length, isVague };
}

/** Each place takes as little as it can, from left to right and without going back: linear, whatever the text holds. */
function match({ key, literals, places }: Template, text: string): ReadSentence | null {
  const [first = '', ...rest] = literals;
  if (!text.startsWith(first)) return null;
  const values: Record<string, string> = {};
  let from = first.length;
  for (const [index, literal] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const to = isLast ? text.length - literal.length : text.indexOf(literal, from + 1);
    if (to <= from || (isLast && !text.endsWith(literal))) return null;
    const [place = ''] = places.slice(index);
    const value = text.slice(from, to);
    if (place.endsWith('#') ? !figure.test(value) : wordPlaces.has(place) && value.includes(' ')) return null;
    values[place.replace('#', '')] = value;
    from = to + literal.length;
  }
  return { key, values };
}

/**
 * Finds which sentence a text is and what stands in its places: as with gettext, the English text is what a translation is found by. So files and
 * clients of every version, error details and the Python worker go on speaking plain English. The most specific template wins.
 */
export function createSentenceReader(
  templates: Readonly<Record<string, string>>,
): (text: string) => ReadSentence | null {
  const parsed = Object.entries(templates).map(([key, text]) => parse(key, text));
  const whole = new Map(parsed.filter(({ places }) => places.length === 0).map((one) => [one.literals[0], one.key]));
  const open = parsed.filter(({ places }) => places.length > 0).toSorted((a, b) => b.literalLength - a.literalLength);
  const read = (text: string): ReadSentence | null => {
    if (text.length > longestText) return null;
    const key = whole.get(text);
    if (key !== undefined) return { key, values: {} };
    for (const template of open) {
      const found = match(template, text);
      if (found !== null && (!template.isVague || isLikely(template, found))) return found;
    }
    return null;
  };
  /** In a vague template stand single words behind its own, or sentences that are known themselves. */
  const isLikely = ({ literals }: Template, { values }: ReadSentence): boolean => {
    const odd = literals[0] === '' ? / / : /[:.?!] /;
    return Object.values(values).every(
      (value) => !odd.test(value) || read(value) !== null || read(`${value}.`) !== null,
    );
  };
  return read;
}
