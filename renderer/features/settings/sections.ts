/** The parts of the settings in the order of the list; each is an address `/settings/<id>`. */
export const settingsSections = [
  'machine',
  'environments',
  'storage',
  'providers',
  'appearance',
  'general',
  'network',
  'licences',
  'about',
] as const;
export type SettingsSection = (typeof settingsSections)[number];

/** The section of an address; the first for none or one that does not exist. */
export function sectionOf(name: string | undefined): SettingsSection {
  return settingsSections.find((section) => section === name) ?? 'machine';
}
