import i18next from 'i18next';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** The one instance of the window. Texts come in by feature (`defineWords`), so no language has to be loaded before the first paint. */
export const i18n = i18next.createInstance();

void i18n.init({
  lng: 'en',
  fallbackLng: 'en',
  // React escapes what it shows; doing it twice would show `&amp;`.
  interpolation: { escapeValue: false },
  // Synchronous: there is nothing to load.
  initAsync: false,
  resources: { en: {}, de: {} },
});

/** The person's choice, else the first language of the system that Forge speaks. */
export function chooseLanguage(wished: string, system: readonly string[]): Language {
  const candidates = [wished, ...system].map((tag) => tag.toLowerCase().split('-')[0]);
  return languages.find((language) => candidates[0] === language) ?? firstSpoken(candidates) ?? 'en';
}

function firstSpoken(tags: readonly (string | undefined)[]): Language | undefined {
  return tags.flatMap((tag) => languages.filter((language) => language === tag))[0];
}

export function currentLanguage(): Language {
  return i18n.language === 'de' ? 'de' : 'en';
}

/** Changes every text of the window at once. */
export function setLanguage(language: Language): void {
  void i18n.changeLanguage(language);
  if (typeof document !== 'undefined') document.documentElement.lang = language;
}

/** For `useSyncExternalStore`. */
export function onLanguageChange(listener: () => void): () => void {
  i18n.on('languageChanged', listener);
  return () => i18n.off('languageChanged', listener);
}
