import type { ViewStep } from '#contract/dataset-versions.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { answerTextOf, promptTextOf, textsOf } from '../row-texts.ts';
import { compilePattern } from './compile-pattern.ts';
import { detectLanguage, undetermined } from './detect-language.ts';
import { codeStateOf, type CodeParser } from './find-code.ts';
import { isRefusal } from './find-refusal.ts';
import { createEchoMeasure } from './measure-echo.ts';
import { qualityOf, worstFaultOf, type QualityFaults } from './measure-quality.ts';
import { dropFor, keep, plainFilter, type RowFilter } from './row-filter.ts';
import { hasPlace, textAt } from './row-place.ts';

type StepOf<Kind extends ViewStep['kind']> = Extract<ViewStep, { kind: Kind }>;

/** A filter of the answer; rows without one stay. */
function answerFilter(reason: (answer: string, row: CanonicalRow) => string | null): RowFilter {
  return plainFilter((row) => (hasPlace(row, 'answer') ? dropFor(reason(answerTextOf(row), row)) : keep));
}

export function codeFilter({ wants }: StepOf<'code'>, parse: CodeParser): RowFilter {
  return answerFilter((answer) => {
    const state = codeStateOf(answer, parse);
    if (wants === 'absent') return state === 'absent' ? null : say('filter.has-code');
    if (state === 'absent') return say('filter.no-code');
    if (wants === 'present' || state === 'parses') return null;
    return state === 'broken' ? say('filter.code-broken') : say('filter.code-unchecked');
  });
}

export function languageFilter({ keep: wanted }: StepOf<'language'>): RowFilter {
  const codes = new Set(wanted.map((code) => code.toLowerCase()));
  return plainFilter((row) => {
    const { code } = detectLanguage(answerTextOf(row) || promptTextOf(row));
    if (codes.has(code)) return keep;
    return dropFor(code === undetermined ? say('filter.language-unclear') : say('filter.language', { language: code }));
  });
}

/** Characters of a text that a pattern of a person is held against: a pattern can be slow, and nobody can tell beforehand. */
const matchedCharacters = 20_000;

export function patternFilter({ pattern, place, keepMatches }: StepOf<'regex'>): RowFilter {
  const compiled = compilePattern(pattern);
  return plainFilter((row) => {
    if (!hasPlace(row, place)) return keep;
    const matches = compiled.test(textAt(row, place).slice(0, matchedCharacters));
    if (matches === keepMatches) return keep;
    return dropFor(matches ? say('filter.matches') : say('filter.matches-not'));
  });
}

/** Phrases count as whole words, whatever their case. */
export function bannedFilter({ phrases }: StepOf<'banned'>): RowFilter {
  const escaped = phrases.map((phrase) =>
    phrase
      .trim()
      .replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
      .replaceAll(/\s+/g, '\\s+'),
  );
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
  return plainFilter((row) => {
    for (const { text } of textsOf(row)) {
      const found = pattern.exec(text);
      if (found !== null) return dropFor(say('filter.banned', { phrase: found[0] }));
    }
    return keep;
  });
}

export function refusalFilter(): RowFilter {
  return answerFilter((answer) => (isRefusal(answer) ? say('filter.refusal') : null));
}

export function echoFilter({ above }: StepOf<'echo'>): RowFilter {
  const measure = createEchoMeasure();
  return answerFilter((answer, row) => {
    const share = row.kind === 'text' ? 0 : measure(promptTextOf(row), answer);
    return share > above ? say('filter.echo', { percent: Math.round(share * 100) }) : null;
  });
}

const faultSentences = {
  fewLetters: 'filter.fault-fewLetters',
  repeats: 'filter.fault-repeats',
  oddWords: 'filter.fault-oddWords',
  shouting: 'filter.fault-shouting',
  brokenOff: 'filter.fault-brokenOff',
  debris: 'filter.fault-debris',
  shortness: 'filter.fault-shortness',
} as const satisfies Readonly<Record<keyof QualityFaults, string>>;

export function qualityFilter({ below }: StepOf<'quality'>): RowFilter {
  return answerFilter((answer) => {
    const quality = qualityOf(answer);
    if (quality >= below) return null;
    const fault = say(faultSentences[worstFaultOf(answer) ?? 'shortness']);
    return say('filter.quality', { score: quality.toFixed(2), fault });
  });
}
