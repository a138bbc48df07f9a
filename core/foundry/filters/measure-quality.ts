/** What speaks against a text, each 0 (nothing) to 1 (plainly). */
export interface QualityFaults {
  /** Letters are a small part of it. */
  readonly fewLetters: number;
  /** Lines, or words in a row, come again and again. */
  readonly repeats: number;
  /** Words of a length that no language has on average. */
  readonly oddWords: number;
  /** Shouted: most letters are capitals. */
  readonly shouting: number;
  /** Broken off: a longer text that ends in the middle of a sentence. */
  readonly brokenOff: number;
  /** Left-overs of machines: replacement characters, template holes, "lorem ipsum", HTML. */
  readonly debris: number;
  /** Next to nothing is said. */
  readonly shortness: number;
}

const weights: Readonly<Record<keyof QualityFaults, number>> = {
  fewLetters: 0.5,
  repeats: 0.7,
  oddWords: 0.4,
  shouting: 0.3,
  brokenOff: 0.25,
  debris: 0.6,
  shortness: 0.2,
};

const readCharacters = 4_000;
const debris =
  /\ufffd|lorem ipsum|\{\{[^}]{0,60}\}\}|\[(?:insert|your|name|todo)[^\]]{0,40}\]|<\/?(?:div|span|br|p|td|tr|table)\b|&(?:nbsp|amp|lt|gt|quot);|â€|Ã[¤¶¼©¨]|undefined undefined|\bNaN\b/giu;
const ends = /[.!?。！？…:;)\]}"'”’»`>|*]\s*$|\d\s*$/u;
const spaceless = /[\p{sc=Han}\p{scx=Hiragana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}]/u;

/** How far a value lies beyond a bound, as a share of the way to where it is plainly wrong. */
function beyond(value: number, bound: number, plainlyWrong: number): number {
  return Math.min(1, Math.max(0, (value - bound) / (plainlyWrong - bound)));
}

function repeatedShare(words: readonly string[]): number {
  const length = 3;
  if (words.length < 3 * length) return 0;
  const seen = new Set<string>();
  let repeated = 0;
  for (let start = 0; start + length <= words.length; start += 1) {
    const gram = words.slice(start, start + length).join(' ');
    if (seen.has(gram)) repeated += 1;
    else seen.add(gram);
  }
  return repeated / (words.length - length + 1);
}

function repeatedLines(text: string): number {
  const lines = text.split('\n').filter((line) => line.trim().length > 3);
  return lines.length < 4 ? 0 : 1 - new Set(lines).size / lines.length;
}

export function qualityFaultsOf(text: string): QualityFaults {
  const read = text.slice(0, readCharacters);
  const prose = read.replaceAll(/```[\s\S]*?(?:```|$)/g, ' ');
  const told = prose.trim() === '' ? read : prose;
  const visible = told.replaceAll(/\s/g, '').length;
  const letters = (told.match(/\p{L}/gu) ?? []).length;
  const capitals = (told.match(/\p{Lu}/gu) ?? []).length;
  const words = told.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const mean = words.length === 0 ? 0 : letters / words.length;
  const isSpaced = !spaceless.test(told);
  const hasDebris = (told.match(debris) ?? []).length;
  return {
    fewLetters: visible < 20 ? 0 : beyond(1 - letters / visible, 0.4, 0.8),
    repeats: Math.max(beyond(repeatedShare(words), 0.15, 0.5), beyond(repeatedLines(read), 0.2, 0.6)),
    oddWords: !isSpaced || words.length < 5 ? 0 : Math.max(beyond(mean, 10, 16), beyond(3 - mean, 0.5, 1.5)),
    shouting: letters < 40 ? 0 : beyond(capitals / letters, 0.4, 0.8),
    brokenOff: words.length < 30 || text.length > readCharacters || ends.test(read) ? 0 : 1,
    debris: Math.min(1, hasDebris / 3),
    shortness: isSpaced ? beyond(20 - words.length, 17, 20) : beyond(10 - letters, 7, 10),
  };
}

/**
 * How well a text is made, 1 (nothing speaks against it) to 0, by rules in the manner of Gopher (Rae et al. 2021, A.1.1) and C4 (Raffel et al. 2020, 2.2):
 * the product over all faults of 1 - weight * fault. It looks at form alone: a well-written falsehood scores 1. Code between fences is not held against it.
 */
export function qualityOf(text: string): number {
  const faults = qualityFaultsOf(text);
  let quality = 1;
  for (const [fault, weight] of Object.entries(weights)) quality *= 1 - weight * faults[fault as keyof QualityFaults];
  return quality;
}

/** The fault that weighs most, for people; null where there is none. */
export function worstFaultOf(text: string): keyof QualityFaults | null {
  const faults = Object.entries(qualityFaultsOf(text)) as [keyof QualityFaults, number][];
  const [worst] = faults.toSorted((one, other) => weights[other[0]] * other[1] - weights[one[0]] * one[1]);
  return worst === undefined || worst[1] === 0 ? null : worst[0];
}
