import { useEffect } from 'react';
import type { SettingView } from '#contract/settings.ts';
import { rememberAppearance, remembered, themes } from '../../../app/appearance.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import type { ShellApi } from '../../../shell/shell-api.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { settingGroups } from '../setting-value.ts';
import { createSettingsStore, settingOf, type SettingsData } from '../settings-store.ts';
import { useSettingsWords, type SettingsWords } from '../settings-words.ts';
import { Failure } from './failure.tsx';
import { SettingRow } from './setting-row.tsx';
import classes from './settings.module.css';

export function GeneralSection() {
  const state = useStoreOf(createSettingsStore, (all) => all);
  const shell = useShell();
  const { load, settings } = state;
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (settings !== null) followAppearance(settings, shell);
  }, [settings, shell]);
  return (
    <GeneralSectionView
      data={state}
      onChange={(key, value) => void state.change(key, value)}
      onRetry={() => void load()}
    />
  );
}

/** Colours and language that were changed here hold at once too. */
function followAppearance(settings: readonly SettingView[], shell: ShellApi): void {
  const before = remembered();
  const theme = themes.find((known) => known === settingOf(settings, 'appearance.theme')?.value) ?? before.theme;
  const language = String(settingOf(settings, 'appearance.language')?.value ?? before.language);
  if (theme === before.theme && language === before.language) return;
  rememberAppearance({ theme, language });
  void shell.setAppearance({ theme, language });
}

export interface GeneralSectionViewProps {
  readonly data: SettingsData;
  readonly onChange: (key: string, value: SettingView['value'] | null) => void;
  readonly onRetry: () => void;
}

/** Every key of config.toml: what it is, where its value comes from, and the way back to the default. */
export function GeneralSectionView({ data, onChange, onRetry }: GeneralSectionViewProps) {
  const words = useSettingsWords();
  const { settings, waitsForRestart } = data;
  return (
    <>
      <Failure failures={data.failures} of="load" onRetry={onRetry} />
      {waitsForRestart.size > 0 && (
        <Notice tone="info" title={words('waitsForRestart', { count: waitsForRestart.size })}>
          {words('restartHint')}
        </Notice>
      )}
      <p className={classes['quiet']}>{words('generalHint')}</p>
      {settings === null ? (
        <Skeleton lines={10} />
      ) : (
        settingGroups(settings).map(({ name, settings: members }) => (
          <Section key={name} title={groupName(words, name)}>
            <ul className={classes['rows']}>
              {members.map((setting) => (
                <SettingRow
                  key={`${setting.key}=${String(setting.value)}`}
                  setting={setting}
                  isBusy={data.busy.has(setting.key)}
                  failures={data.failures}
                  onChange={onChange}
                />
              ))}
            </ul>
          </Section>
        ))
      )}
    </>
  );
}

const groups = ['server', 'ollama', 'network', 'appearance', 'updates'] as const;

function groupName(words: SettingsWords, name: string): string {
  const group = groups.find((known) => known === name);
  return group === undefined ? name : words(`group_${group}`);
}
