import { chooseLanguage, setLanguage } from '../words/language.ts';

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
export function applyRememberedAppearance(): void {
  const wished = wishedByAddress();
  applyAppearance({ ...remembered(), ...wished });
  // The gallery is asked for a theme by its address and must not change what the person chose.
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => {
    applyAppearance({ ...remembered(), ...wished });
  });
}

export function applyAppearance({ theme, language }: Appearance): void {
  document.documentElement.dataset['theme'] = shownTheme(theme);
  setLanguage(chooseLanguage(language === 'system' ? '' : language, navigator.languages));
}

export function rememberAppearance(appearance: Appearance): void {
  localStorage.setItem(key, JSON.stringify(appearance));
  applyAppearance(appearance);
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
