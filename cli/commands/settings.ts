import { randomUUID } from 'node:crypto';
import type { SettingView } from '#contract/settings.ts';
import { usageFailure, exitCode } from '../failure.ts';
import { isOn, type Invocation } from '../invocation.ts';
import { nearestWord } from '../nearest-word.ts';
import { printResult } from '../output.ts';
import { table } from '../terminal/table.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

function shown(value: SettingView['value']): string {
  return value === '' ? '(empty)' : String(value);
}

function settingTable(settings: readonly SettingView[], style: ViewStyle): string[] {
  const columns = [
    { title: 'setting' },
    { title: 'value' },
    { title: 'from' },
    { title: 'what it is', flexible: true },
  ];
  const rows = settings.map(({ key, value, origin, about }) => [key, shown(value), origin, about]);
  return table(columns, rows, style);
}

/** `forge settings list`. */
export async function listSettings(invocation: Invocation): Promise<number> {
  const settings = await withEngine(invocation, ({ client }) => client.settings.list());
  printResult(invocation, settings, () => settingTable(settings, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** The word as the setting's kind has it; a word that is none goes through as text, and the engine says what fits. */
function valueOf({ type }: SettingView, word: string): SettingView['value'] {
  if (type === 'switch' && /^(true|on|yes)$/i.test(word)) return true;
  if (type === 'switch' && /^(false|off|no)$/i.test(word)) return false;
  if (type === 'number' && word.trim() !== '' && Number.isFinite(Number(word))) return Number(word);
  return word;
}

/** `forge settings set`: into config.toml, or with --default out of it. */
export async function setSetting(invocation: Invocation): Promise<number> {
  const [key = '', given = ''] = invocation.words;
  const word = given === '' ? undefined : given;
  const takesDefault = isOn(invocation, 'default');
  if (takesDefault === (word !== undefined))
    throw usageFailure(
      takesDefault ? 'A value and --default were both given.' : `There is no value for ${key}.`,
      `Write forge settings set ${key} <value>, or forge settings set ${key} --default.`,
    );
  const view = await withEngine(invocation, async ({ client }) => {
    const settings = await client.settings.list();
    const setting = settings.find((one) => one.key === key);
    if (setting === undefined) throw unknownSetting(key, settings);
    const value = word === undefined ? null : valueOf(setting, word);
    return client.settings.set({ key, value, requestId: randomUUID() });
  });
  printResult(invocation, view, () => [
    `${view.key} is ${shown(view.value)}${view.origin === 'default' ? ', the default' : ''}.`,
    ...(view.needsRestart ? ['It holds from the next start of the engine: `forge stop` ends one that runs.'] : []),
  ]);
  return exitCode.done;
}

function unknownSetting(key: string, settings: readonly SettingView[]): Error {
  const near = nearestWord(
    key,
    settings.map((one) => one.key),
  );
  return usageFailure(
    `There is no setting called ${key}.`,
    near === null ? 'List them with `forge settings list`.' : `Did you mean ${near}?`,
  );
}
