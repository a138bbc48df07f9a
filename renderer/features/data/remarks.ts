import { piiKinds } from '#contract/dataset-checks.ts';
import type { useDatasetsWords } from './datasets-words.ts';

const ofReader = ['FALLBACK_ENCODING', 'REPLACED_CHARACTER', 'NUL_REMOVED', 'DUP_KEY', 'BIG_INTEGER_KEPT'] as const;
const ofImport = [...ofReader, 'DUP_ID'] as const;

type Words = ReturnType<typeof useDatasetsWords>;

/** What a flag's code says, in words of a sentence's length; a code nobody here knows stays as it is. */
export function remarkOf(code: string, words: Words): string {
  const known = ofImport.find((one) => one === code);
  if (known !== undefined) return words(`remark_${known}`);
  const kind = piiKinds.find((one) => one === code);
  return kind === undefined ? code : words(`pii_${kind}`);
}

/** The same in a word or two, for a badge. */
export function shortRemarkOf(code: string, words: Words): string {
  const known = ofImport.find((one) => one === code);
  return known === undefined ? remarkOf(code, words) : words(`mark_${known}`);
}
