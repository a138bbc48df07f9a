import type { LogLine } from '#contract/engine-log.ts';

/** `from=running to=finishing`: what was noted beside the message, on one line. */
export function fieldsText({ fields }: Pick<LogLine, 'fields'>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value.replace(/\s+/g, ' ')}`)
    .join('  ');
}

/** A line for the clipboard: time in UTC, level, part, message, and what was noted beside it. */
export function lineText(line: LogLine): string {
  if (line.t === null) return line.message;
  const parts = [new Date(line.t).toISOString(), line.level, line.module, line.message, fieldsText(line)];
  return parts.filter((part) => part !== null && part !== '').join('  ');
}

/** Lines that hold every word of what is looked for, in whatever case. */
export function matchingLines(lines: readonly LogLine[], wanted: string): readonly LogLine[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return lines;
  return lines.filter((line) => {
    const text = `${line.level ?? ''} ${line.module ?? ''} ${line.message} ${fieldsText(line)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** `14:03:07.250` in the time of this machine. */
export function clockTime(t: number): string {
  const date = new Date(t);
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}
