import { formatDuration, formatFigure, formatNumber } from '../../words/format.ts';
import { planFields } from './plan-fields.ts';
import type { usePlanWords } from './plan-words.ts';

type PlanWords = ReturnType<typeof usePlanWords>;

/** A value of the recipe as a person reads it. */
export function settingText(setting: string, value: unknown, words: PlanWords): string {
  if (value === null) return setting === 'maxMinutes' ? words('noLimit') : '–';
  if (typeof value === 'boolean') return words(value ? 'on' : 'off');
  if (value === 'all-linear') return words('allLinear');
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value === 'number') return numberText(setting, value, words);
  if (isEarlyStopping(value))
    return words('stopAfter', { patience: value.patience, gain: formatFigure(value.minimumGain) });
  return String(value);
}

function numberText(setting: string, value: number, words: PlanWords): string {
  if (setting === 'maxMinutes') return formatDuration(value * 60);
  if (setting === 'checkpointEverySeconds') return formatDuration(value);
  const field = planFields.find((one) => one.setting === setting);
  const text = Number.isInteger(value) ? formatNumber(value) : formatFigure(value);
  return field?.kind === 'number' && field.unit !== undefined ? `${text}\u00A0${words(`unit_${field.unit}`)}` : text;
}

function isEarlyStopping(value: unknown): value is { readonly patience: number; readonly minimumGain: number } {
  return typeof value === 'object' && value !== null && 'patience' in value && 'minimumGain' in value;
}

/** Names of layers as they are typed: `all-linear`, or names with commas; null when there are none. */
export function parseModules(text: string): 'all-linear' | string[] | null {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return null;
  return names.length === 1 && names[0] === 'all-linear' ? 'all-linear' : names;
}
