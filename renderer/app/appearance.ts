import { chooseLanguage, setLanguage, type Language } from '../words/language.ts';
import { prepareLanguage } from '../words/speaker.ts';

export const themes = ['system', 'dark', 'light', 'contrast'] as const;
export type Theme = (typeof themes)[number];

export interface Appearance {
  readonly theme: Theme;
  /** `system`, `en` or `de`. */
  readonly language: string;
}

const key = 'forge.appearance';
const systemDefault: Appearance = { theme: 'system', language: 'system' };

/** Before the first paint, from what this window showed last: nothing flashes. The engine's settings follow and win. */
export function applyRememberedAppearance(): Promise<void> {
  const wished = wishedByAddress();
  // The gallery is asked for a theme by its address and must not change what the person chose.
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
    void applyAppearance({ ...remembered(), ...wished });
  });
  return applyAppearance({ ...remembered(), ...wished });
}

let wanted: Language = 'en';

/** Resolves when the texts stand: German fetches what the engine says first, so that no page mixes both languages. */
export async function applyAppearance({ theme, language }: Appearance): Promise<void> {
  document.documentElement.dataset['theme'] = shownTheme(theme);
  const chosen = chooseLanguage(language === 'system' ? '' : language, navigator.languages);
  wanted = chosen;
  if (chosen !== 'en') await prepareLanguage(chosen);
  // Another one may have been chosen meanwhile.
  if (wanted === chosen) setLanguage(chosen);
}

export function rememberAppearance(appearance: Appearance): void {
  localStorage.setItem(key, JSON.stringify(appearance));
  void applyAppearance(appearance);
}

function shownTheme(theme: Theme): Exclude<Theme, 'system'> {
  if (theme !== 'system') return theme;
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast';
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

export function remembered(): Appearance {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return systemDefault;
    const { theme, language } = stored as Partial<Record<keyof Appearance, unknown>>;
    return {
      theme: themes.find((known) => known === theme) ?? 'system',
      language: typeof language === 'string' ? language : 'system',
    };
  } catch (error) {
    console.warn('The remembered appearance could not be read.', error);
    return systemDefault;
  }
}

function wishedByAddress(): Partial<Appearance> {
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '');
  const theme = themes.find((known) => known === query.get('theme'));
  const language = query.get('language');
  return { ...(theme === undefined ? {} : { theme }), ...(language === null ? {} : { language }) };
}
