import { useEffect } from 'react';
import { rememberAppearance, remembered, themes, type Appearance, type Theme } from '../../../app/appearance.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Field } from '../../../ui/field.tsx';
import { Section } from '../../../ui/page.tsx';
import { RadioCards } from '../../../ui/radio-cards.tsx';
import { Select } from '../../../ui/select.tsx';
import { createSettingsStore, settingOf, type SettingsData } from '../settings-store.ts';
import { useSettingsWords } from '../settings-words.ts';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

const themeKey = 'appearance.theme';
const languageKey = 'appearance.language';

export function AppearanceSection() {
  const state = useStoreOf(createSettingsStore, (all) => all);
  const shell = useShell();
  const { load, settings } = state;
  useEffect(() => void load(), [load]);
  const shown = appearanceOf(settings);
  useEffect(() => {
    // What the engine holds is true for every window.
    if (settings !== null) rememberAppearance(appearanceOf(settings));
  }, [settings]);
  const change = async (key: typeof themeKey | typeof languageKey, part: Partial<Appearance>): Promise<void> => {
    const wished = { ...shown, ...part };
    rememberAppearance(wished);
    void shell.setAppearance(wished);
    const isTaken = await state.change(key, wished[key === themeKey ? 'theme' : 'language']);
    if (isTaken) return;
    rememberAppearance(shown);
    void shell.setAppearance(shown);
  };
  return (
    <AppearanceSectionView
      data={state}
      appearance={shown}
      onTheme={(theme) => void change(themeKey, { theme })}
      onLanguage={(language) => void change(languageKey, { language })}
    />
  );
}

/** As the engine has it; as this window had it last, until that is read. */
function appearanceOf(settings: SettingsData['settings']): Appearance {
  const before = remembered();
  const theme = settingOf(settings, themeKey)?.value ?? before.theme;
  const language = settingOf(settings, languageKey)?.value ?? before.language;
  return { theme: themes.find((known) => known === theme) ?? 'system', language: String(language) };
}

export interface AppearanceSectionViewProps {
  readonly data: Pick<SettingsData, 'failures'>;
  readonly appearance: Appearance;
  readonly onTheme: (theme: Theme) => void;
  readonly onLanguage: (language: string) => void;
}

/** Colours and language; both hold at once. */
export function AppearanceSectionView({ data, appearance, onTheme, onLanguage }: AppearanceSectionViewProps) {
  const words = useSettingsWords();
  const names = {
    system: words('themeSystem'),
    dark: words('themeDark'),
    light: words('themeLight'),
    contrast: words('themeContrast'),
  };
  return (
    <Section title={words('appearance')} hint={words('appearanceHint')}>
      <Failure failures={data.failures} of={themeKey} />
      <Failure failures={data.failures} of={languageKey} />
      <RadioCards
        showLabel
        columns={2}
        label={words('theme')}
        value={appearance.theme}
        onChange={onTheme}
        options={themes.map((theme) => ({ value: theme, label: names[theme] }))}
      />
      <Field label={words('language')} className={classes['narrow']}>
        <Select
          value={appearance.language}
          onChange={onLanguage}
          options={[
            { value: 'system', label: words('languageSystem') },
            { value: 'en', label: 'English' },
            { value: 'de', label: 'Deutsch' },
          ]}
        />
      </Field>
    </Section>
  );
}
