import { usageFailure } from './failure.ts';
import type { ValueKind } from './command-spec.ts';
import { nearestWord } from './nearest-word.ts';

function readNumber(text: string, value: ValueKind & { kind: 'integer' | 'number' }, label: string): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  const whole = value.kind === 'integer' ? 'a whole number' : 'a number';
  const fits = Number.isFinite(number) && number >= value.minimum && number <= value.maximum;
  if (!fits || (value.kind === 'integer' && !Number.isInteger(number))) {
    throw usageFailure(
      `${label} is ${text}, which is not ${whole} from ${value.minimum} to ${value.maximum}.`,
      `Give ${whole} in that range.`,
    );
  }
  return number;
}

/** Reads one word of the command line as what it has to be. `label` names it in errors (`--rank`, `<shell>`). Throws a usage failure. */
export function readValue(text: string, value: ValueKind, label: string): string | number {
  if (value.kind === 'integer' || value.kind === 'number') return readNumber(text, value, label);
  if (value.kind !== 'choice') {
    if (text === '') throw usageFailure(`${label} is empty.`, 'Give it a value, or leave the option out.');
    return text;
  }
  const found = value.choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  if (value.alsoAllowed?.test(text) === true) return text;
  const near = nearestWord(text, value.choices);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  const shown = value.hidden === true && near === null ? '' : ` ${text}, which is`;
  throw usageFailure(`${label} is${shown} not one of ${value.choices.join(', ')}.`, `Choose one of them.${hint}`);
}
