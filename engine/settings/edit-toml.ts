import { isDeepStrictEqual } from 'node:util';
import { parse } from 'smol-toml';

export type SettingValue = string | number | boolean;

export interface TomlChange {
  readonly section: string;
  readonly name: string;
  /** Null takes the key out. */
  readonly value: SettingValue | null;
}

/**
 * Changes one key of a TOML text line by line, so that comments, order and everything else stay as the person wrote them. The result is parsed again: null when it
 * does not say exactly the old content with this one change, as with an inline table, or when the old text is no TOML.
 */
export function editToml(text: string, change: TomlChange): string | null {
  const lines = text.split('\n');
  const edited = change.value === null ? withoutKey(lines, change) : withKey(lines, { ...change, value: change.value });
  const result = edited.join('\n');
  return saysExactly(text, result, change) ? result : null;
}

function saysExactly(before: string, after: string, { section, name, value }: TomlChange): boolean {
  try {
    const wanted = parse(before);
    const table = { ...(wanted[section] as Record<string, SettingValue> | undefined) };
    if (value === null) delete table[name];
    else table[name] = value;
    const found = parse(after);
    // An empty section and none at all say the same. The parser's tables have no prototype; copies have one.
    const said = structuredClone({ ...found, [section]: found[section] ?? {} });
    return isDeepStrictEqual(said, structuredClone({ ...wanted, [section]: table }));
  } catch {
    // Not TOML before, or made into none: either way there is no edit.
    return false;
  }
}

type NewValue = Omit<TomlChange, 'value'> & { readonly value: SettingValue };

function withKey(lines: readonly string[], { section, name, value }: NewValue): string[] {
  const isWindows = lines[0]?.endsWith('\r') === true;
  const ending = isWindows ? '\r' : '';
  const entry = `${name} = ${tomlValue(value)}`;
  const { start, end } = sectionRange(lines, section);
  if (start < 0) {
    const isEmpty = lines.every((line) => line.trim() === '');
    const last = lines.at(-1) === '' ? lines.slice(0, -1) : [...lines];
    const gap = isEmpty ? [] : [ending];
    return [...(isEmpty ? [] : last), ...gap, `[${section}]${ending}`, `${entry}${ending}`, ''];
  }
  const active = lineOf(lines, { start, end }, keyPattern(name));
  if (active >= 0) return lines.toSpliced(active, 1, replaced(lines[active] ?? '', entry));
  const commented = lineOf(lines, { start, end }, new RegExp(`^\\s*#\\s*${name}\\s*=`));
  const place = commented >= 0 ? commented + 1 : lastWritten(lines, { start, end }) + 1;
  // A file whose last line has no end yet.
  const rest = place === lines.length ? [''] : [];
  return lines.toSpliced(place, 0, `${entry}${ending}`, ...rest);
}

function withoutKey(lines: readonly string[], { section, name }: TomlChange): readonly string[] {
  const range = sectionRange(lines, section);
  const active = lineOf(lines, range, keyPattern(name));
  if (range.start < 0 || active < 0) return lines;
  const line = lines[active] ?? '';
  const comment = commentOf(line);
  // What a person noted beside the value stays.
  return comment === '' ? lines.toSpliced(active, 1) : lines.toSpliced(active, 1, comment);
}

interface LineRange {
  /** The line behind the section's header; -1 when there is none. */
  readonly start: number;
  readonly end: number;
}

const header = /^\s*\[/;

function sectionRange(lines: readonly string[], section: string): LineRange {
  const at = lines.findIndex((line) => new RegExp(`^\\s*\\[\\s*${section}\\s*\\]\\s*(#.*)?$`).test(line));
  if (at < 0) return { start: -1, end: -1 };
  const next = lines.findIndex((line, index) => index > at && header.test(line));
  return { start: at + 1, end: next < 0 ? lines.length : next };
}

function keyPattern(name: string): RegExp {
  return new RegExp(`^\\s*(${name}|"${name}"|'${name}')\\s*=`);
}

function lineOf(lines: readonly string[], { start, end }: LineRange, pattern: RegExp): number {
  return lines.findIndex((line, index) => index >= start && index < end && pattern.test(line));
}

/** The last line of a section that says something, the header itself included. */
function lastWritten(lines: readonly string[], { start, end }: LineRange): number {
  let last = end - 1;
  while (last >= start && (lines[last] ?? '').trim() === '') last -= 1;
  return last;
}

/** The line with another value: its indentation, its comment and the column the comment stands in are kept where there is room. */
function replaced(line: string, entry: string): string {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const comment = commentOf(line);
  const ending = line.endsWith('\r') && comment === '' ? '\r' : '';
  if (comment === '') return `${indent}${entry}${ending}`;
  const column = line.lastIndexOf(comment);
  return `${`${indent}${entry}`.padEnd(column - 1)} ${comment}`;
}

/** The comment behind a value, from its # on; "" when there is none. */
function commentOf(line: string): string {
  const value = line.indexOf('=') + 1;
  let quote = '';
  for (let index = value; index < line.length; index += 1) {
    const sign = line[index] ?? '';
    if (quote === '"' && sign === '\\') index += 1;
    else if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '#') return line.slice(index);
  }
  return '';
}

/** JSON's strings are TOML's basic strings, but for DEL, which TOML wants escaped. */
function tomlValue(value: SettingValue): string {
  return typeof value === 'string' ? JSON.stringify(value).replaceAll('\u007f', '\\u007f') : String(value);
}
