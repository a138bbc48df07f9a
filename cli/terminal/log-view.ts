import type { LogLine } from '#contract/engine-log.ts';
import { oneLine } from './text.ts';
import type { ViewStyle } from './view-style.ts';

/** `2026-01-02 03:04:05  warn   serving  a model stays in memory  path=/a`; a line of Node or of a crash as it is. */
export function logLineText({ t, level, module, message, fields }: LogLine, { palette }: ViewStyle): string {
  if (t === null) return oneLine(message);
  const noted = Object.entries(fields).map(([name, value]) => palette.faint(`${oneLine(name)}=${oneLine(value)}`));
  return [momentText(t), levelText(level, palette), oneLine(module ?? ''), oneLine(message), ...noted].join('  ');
}

function levelText(level: LogLine['level'], palette: ViewStyle['palette']): string {
  const text = (level ?? '').padEnd(5);
  return level === 'error' ? palette.bad(text) : level === 'warn' ? palette.warn(text) : text;
}

function momentText(t: number): string {
  const date = new Date(t);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
