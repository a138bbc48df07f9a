import type { SettingView } from '#contract/settings.ts';

export type ReadSetting =
  | { readonly kind: 'value'; readonly value: SettingView['value'] }
  | { readonly kind: 'wrong'; readonly reason: 'notNumber' };

/** What was typed as a value of the setting's kind; the engine judges whether it fits. */
export function readSetting(type: SettingView['type'], typed: string): ReadSetting {
  if (type === 'text') return { kind: 'value', value: typed.trim() };
  if (type === 'switch') return { kind: 'value', value: typed === 'true' };
  const text = typed.trim().replace(',', '.');
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? { kind: 'wrong', reason: 'notNumber' } : { kind: 'value', value };
}

export interface SettingGroup {
  /** `server` of `server.port`. */
  readonly name: string;
  readonly settings: readonly SettingView[];
}

/** Settings by their section of config.toml, in the order they come. */
export function settingGroups(settings: readonly SettingView[]): readonly SettingGroup[] {
  const groups = new Map<string, SettingView[]>();
  for (const setting of settings) {
    const name = setting.key.split('.')[0] ?? setting.key;
    groups.set(name, [...(groups.get(name) ?? []), setting]);
  }
  return [...groups].map(([name, members]) => ({ name, settings: members }));
}
