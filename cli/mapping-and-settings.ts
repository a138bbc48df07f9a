import { columnMapping, type ColumnMapping } from '#contract/datasets.ts';
import { recipeSettings, type RecipeSettings } from '#contract/recipes.ts';
import { usageFailure } from './failure.ts';
import { textValue, type Invocation } from './invocation.ts';
import { nearestWord } from './nearest-word.ts';

const places = Object.keys(columnMapping.shape);

/** `--map prompt=Frage,answer=Antwort`, or given several times. A comma inside a column's name is no end of it. */
export function mappingOf(invocation: Invocation): ColumnMapping | undefined {
  const text = textValue(invocation, 'map');
  if (text === undefined) return undefined;
  const parts = text.split(new RegExp(`\\n|,(?=(?:${places.join('|')})=)`));
  const given = Object.fromEntries(parts.map((part) => pairOf(part, { option: '--map', keys: places })));
  const mapping = columnMapping.safeParse(given);
  if (mapping.success) return mapping.data;
  throw usageFailure(
    '--map has to name the column of the question and the column of the answer.',
    'Write --map prompt=<column>,answer=<column>; context, system, group and id may be named as well.',
  );
}

const settingNames = Object.keys(recipeSettings.shape);
const stoppingNames = ['earlyStopping.patience', 'earlyStopping.minimumGain'];

/** `--set rank=8`, several times or joined by commas: single settings of the recipe by hand. */
export function settingsOf(invocation: Invocation): RecipeSettings | undefined {
  const text = textValue(invocation, 'set');
  if (text === undefined) return undefined;
  const keys = [...settingNames.filter((name) => name !== 'earlyStopping'), ...stoppingNames];
  const pairs = text.split(/\n|,(?=[\w.]+=)/).map((part) => pairOf(part, { option: '--set', keys }));
  const flat = Object.fromEntries(pairs.map(([name, value]) => [name, settingValue(name, value)]));
  const settings = recipeSettings.safeParse(withStopping(flat));
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  const name = issue?.path.join('.') ?? '';
  throw usageFailure(
    `--set ${name} is ${String(flat[name])}, which it cannot be: ${lowered(issue?.message ?? 'unknown')}.`,
    'Give another value, or leave it out: then Forge chooses one. --dry-run shows every setting with its value.',
  );
}

export function pairOf(part: string, { option, keys }: { option: string; keys: readonly string[] }): [string, string] {
  const [, name, value] = /^\s*([\w.]+)=(.+)$/s.exec(part) ?? [];
  if (name === undefined || value === undefined)
    throw usageFailure(`${option} ${part} is not of the form name=value.`, `Known names: ${keys.join(', ')}.`);
  if (keys.includes(name)) return [name, value];
  const near = nearestWord(name, keys);
  throw usageFailure(
    `${option} does not know ${name}.`,
    near === null ? `Known names: ${keys.join(', ')}.` : `Did you mean ${near}?`,
  );
}

/** A value as the recipe takes it: numbers, yes and no, `none` for no limit, names of modules joined by commas. */
function settingValue(name: string, text: string): unknown {
  if (name === 'targetModules') return text === 'all-linear' ? text : text.split(',').map((module) => module.trim());
  if (name === 'maxMinutes' && /^(none|null)$/i.test(text)) return null;
  if (/^(true|yes|on)$/i.test(text)) return true;
  if (/^(false|no|off)$/i.test(text)) return false;
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

function withStopping(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain = Object.entries(flat).filter(([name]) => !stoppingNames.includes(name));
  const stopping = stoppingNames.map((name) => flat[name]);
  if (stopping.every((value) => value === undefined)) return Object.fromEntries(plain);
  if (stopping.some((value) => value === undefined))
    throw usageFailure(
      'Early stopping is set by two values together.',
      `Give both: --set ${stoppingNames.map((name) => `${name}=...`).join(',')}.`,
    );
  const [patience, minimumGain] = stopping;
  return { ...Object.fromEntries(plain), earlyStopping: { patience, minimumGain } };
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
