import { useSyncExternalStore } from 'react';
import { currentLanguage, i18n, onLanguageChange } from './language.ts';

/** `rows_one` and `rows_other` are asked for as `rows` with a `count`. */
type Spoken<Key extends string> = Key extends `${infer Base}_${'one' | 'other' | 'zero'}` ? Base : Key;

/** i18next's own types follow every key through every option; here the keys are checked by `Words` already. */
const translate = i18n.t as (key: string, options: Readonly<Record<string, string | number>>) => string;

export type WordValues = Readonly<Record<string, string | number>>;

/** Gives the text of a key in the present language: `words('rows', { count: 3 })`. `{{name}}` in a text stands for a value. */
export type Words<Key extends string> = (key: Key, values?: WordValues) => string;

/**
 * The texts of one feature. German must have every key of English: the compiler refuses a missing one.
 * Returns a hook; `defineWords.now` below serves code outside components.
 */
export function defineWords<const English extends Readonly<Record<string, string>>>(
  namespace: string,
  texts: { readonly en: English; readonly de: Readonly<Record<keyof English, string>> },
): { (): Words<Spoken<Extract<keyof English, string>>>; readonly now: Words<Spoken<Extract<keyof English, string>>> } {
  i18n.addResourceBundle('en', namespace, texts.en);
  i18n.addResourceBundle('de', namespace, texts.de);
  type Key = Spoken<Extract<keyof English, string>>;
  const byLanguage = new Map<string, Words<Key>>();
  const wordsOf = (language: string): Words<Key> => {
    const known = byLanguage.get(language);
    if (known !== undefined) return known;
    // One function for each language, so that it can stand in a dependency list.
    const words: Words<Key> = (key, values) => translate(key, { ...values, ns: namespace, lng: language });
    byLanguage.set(language, words);
    return words;
  };
  const useWords = (): Words<Key> => wordsOf(useSyncExternalStore(onLanguageChange, currentLanguage));
  return Object.assign(useWords, { now: ((key, values) => wordsOf(currentLanguage())(key, values)) as Words<Key> });
}
