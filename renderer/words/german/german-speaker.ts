import { errorRegistry, type ErrorDefinition } from '#contract/errors.ts';
import { sentenceRegistry } from '#contract/sentences.ts';
import { placesOf } from '#contract/sentences/define-sentences.ts';
import { createSentenceReader } from '#contract/sentences/read-sentence.ts';
import { formatWritten } from '../format.ts';
import type { Speaker } from '../speaker.ts';
import { germanErrors } from './german-errors.ts';
import { germanSentences } from './german-sentences.ts';

/** What a person or another program named: it stays as it is, even where it looks like a word of ours. */
const namesOfOthers = new Set(
  'path model id repository host file files folder column columns command key keys url home text tail provider version secret variable'.split(
    ' ',
  ),
);
const deepest = 5;

function germanTextsOf(code: string): readonly [message: string, remedy: string] | undefined {
  const known: Readonly<Record<string, readonly [string, string]>> = germanErrors;
  return known[code];
}

/** Messages and remedies of errors stand inside other sentences too, and some places know a failure by its message alone. */
function errorTexts(): { readonly english: Record<string, string>; readonly german: Record<string, string> } {
  const english: Record<string, string> = {};
  const german: Record<string, string> = {};
  const definitions: [string, ErrorDefinition][] = Object.entries(errorRegistry);
  for (const [code, { message, remedy, windowRemedy }] of definitions) {
    // The compiler knows none to be missing; while one is being written, the others shall speak all the same.
    const [messageDe = message, remedyDe = remedy] = germanTextsOf(code) ?? [];
    const texts = { message, remedy, ...(windowRemedy === undefined ? {} : { windowRemedy }) };
    for (const [part, text] of Object.entries(texts)) {
      // `{hint}.` alone is any sentence.
      if (!/[a-z]{2}/i.test(text.replace(/\{\w+\}/g, ''))) continue;
      english[`${part} of ${code}`] = text;
      german[`${part} of ${code}`] = part === 'message' ? messageDe : remedyDe;
    }
  }
  return { english, german };
}

const errors = errorTexts();
const read = createSentenceReader({ ...errors.english, ...sentenceRegistry });
const german: Readonly<Record<string, string>> = { ...errors.german, ...germanSentences };

/** Fills the places; null when the values do not suffice. */
function filled(template: string, values: Readonly<Record<string, unknown>>, depth: number): string | null {
  if (placesOf(template).some((place) => values[place.replace('#', '')] === undefined)) return null;
  return template.replace(/\{(\w+)(#?)\}/g, (_, name: string, mark: string) => {
    const value = values[name];
    const text = String(value);
    if (mark === '#' || typeof value === 'number') return formatWritten(text);
    return namesOfOthers.has(name) ? text : clause(text, depth + 1);
  });
}

/** One known sentence, with or without its full stop. */
function known(text: string, depth: number): string | null {
  const found = read(text);
  if (found !== null) return filled(german[found.key] ?? text, found.values, depth);
  if (!/[a-z)`]$/i.test(text)) return null;
  const withStop = read(`${text}.`);
  return withStop === null
    ? null
    : (filled(german[withStop.key] ?? text, withStop.values, depth)?.slice(0, -1) ?? null);
}

/** Each part, where every part (`all`) or some part is known. */
function inParts(text: string, { separator, all }: { separator: RegExp; all: boolean }, depth: number): string | null {
  const parts = text.split(separator);
  if (parts.length < 2) return null;
  // Separators stand between the parts, at odd places.
  const said = parts.map((part, index) => (index % 2 === 1 ? part : known(part, depth)));
  const knownParts = said.filter((part, index) => index % 2 === 0 && part !== null).length;
  if (knownParts === 0 || (all && said.includes(null))) return null;
  return said.map((part, index) => part ?? parts[index]).join('');
}

const sentenceEnd = /(?<=[.?!])( )(?=\p{Lu})/u;

const splits = [
  { separator: sentenceEnd, all: false },
  { separator: /(; )/, all: false },
  { separator: /( · )/, all: false },
  { separator: /(, )/, all: true },
];

function clause(text: string, depth: number): string {
  if (depth > deepest || text === '') return text;
  const bracketed = /^( \()([\s\S]*)(\))$/.exec(text);
  if (bracketed !== null) return `${bracketed[1]}${clause(bracketed[2] ?? '', depth + 1)}${bracketed[3]}`;
  // The last place of a sentence would take the sentences behind it as its own.
  const apart = inParts(text, { separator: sentenceEnd, all: true }, depth + 1);
  const whole = apart ?? known(text, depth);
  if (whole !== null) return whole;
  for (const split of splits) {
    const said = inParts(text, split, depth + 1);
    if (said !== null) return said;
  }
  return text.replace(/(\d)\.(\d+ %)/g, '$1,$2');
}

/** Lists say the same sentences at every drawing. */
const remembered = new Map<string, string>();
const rememberedAtMost = 2_000;

function say(text: string): string {
  const before = remembered.get(text);
  if (before !== undefined) return before;
  const said = clause(text, 0);
  if (remembered.size >= rememberedAtMost) remembered.clear();
  if (text.length < 2_000) remembered.set(text, said);
  return said;
}

/** The engine's sentences in German. */
export const germanSpeaker: Speaker = {
  say,
  failure({ code, message, remedy, windowRemedy, detail }) {
    const [messageDe, remedyDe] = germanTextsOf(code)?.map((text) => filled(text, detail, 0)) ?? [];
    return { message: messageDe ?? say(message), remedy: remedyDe ?? say(windowRemedy ?? remedy) };
  },
};
