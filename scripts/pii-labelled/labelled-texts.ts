import { harmlessValues } from './harmless-values.ts';
import { labelledValues } from './labelled-values.ts';
import { createDraw, type Draw } from './seeded-random.ts';
import { sentenceSets } from './templates.ts';

/** One line of `resources/checks/pii-labelled.jsonl`. Spans are [start, end) in UTF-16 units. */
export interface LabelledText {
  readonly language: string;
  readonly text: string;
  readonly spans: readonly { readonly kind: string; readonly start: number; readonly end: number }[];
}

const placeholder = /\{(~?)([a-z0-9-]+(?::[a-z]+)?)\}/g;

function filled(sentence: string, language: string, draw: Draw): LabelledText {
  const spans: LabelledText['spans'][number][] = [];
  let [text, at] = ['', 0];
  for (const match of sentence.matchAll(placeholder)) {
    const [whole, harmless, name = ''] = match;
    const make = (harmless === '~' ? harmlessValues : labelledValues)[name];
    if (make === undefined) throw new RangeError(`There is no value "${name}" for "${sentence}".`);
    text += sentence.slice(at, match.index);
    const value = make(draw);
    if (harmless === '')
      spans.push({ kind: name.split(':')[0] ?? name, start: text.length, end: text.length + value.length });
    text += value;
    at = match.index + whole.length;
  }
  return { language, text: text + sentence.slice(at), spans };
}

/** Every sentence `rounds` times with other values. The same seed gives the same texts. */
export function labelledTexts(seed: number, rounds: number): LabelledText[] {
  const draw = createDraw(seed);
  const texts: LabelledText[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const { language, sentences } of sentenceSets) {
      for (const sentence of sentences) texts.push(filled(sentence, language, draw));
    }
  }
  return texts;
}

export const shippedSeed = 20_261;
export const shippedRounds = 12;

/** The file that is shipped, byte for byte. */
export function labelledFile(): string {
  return labelledTexts(shippedSeed, shippedRounds)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}
