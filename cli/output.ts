import type { Failure } from './failure.ts';
import type { Invocation } from './invocation.ts';
import type { Palette } from './terminal/colour.ts';
import { plainText, wrap } from './terminal/text.ts';

/** Prints the result of a command: one JSON value with `--json`, else lines for a person. */
export function printResult(invocation: Invocation, json: unknown, lines: () => readonly string[]): void {
  const { terminal } = invocation;
  if (invocation.json) return terminal.out(`${JSON.stringify(json, null, terminal.outIsTty ? 2 : undefined)}\n`);
  const shown = lines();
  if (shown.length > 0) terminal.out(`${shown.join('\n')}\n`);
}

/** A line about what happens, on standard error. */
export function printNote(invocation: Invocation, text: string): void {
  invocation.terminal.err(`${text}\n`);
}

/** An error as lines: what happened, then what to do, wrapped under each other. */
export function failureLines(failure: Failure, style: { width: number; palette: Palette }): string[] {
  const label = 'Error  ';
  const indent = ' '.repeat(label.length);
  const room = Math.max(30, Math.min(style.width, 100) - label.length);
  const [first = '', ...rest] = wrap(plainText(failure.message), room);
  const remedy = wrap(plainText(failure.remedy), room);
  return [
    style.palette.bad(label.trimEnd()) + '  ' + first,
    ...rest.map((line) => indent + line),
    ...remedy.map((line) => indent + style.palette.faint(line)),
  ];
}

/** Prints an error: sentences on standard error, and with `--json` the object `{"error": ...}` on standard output. */
export function printFailure(failure: Failure, invocation: Pick<Invocation, 'json' | 'terminal'>): void {
  const { terminal } = invocation;
  if (invocation.json) terminal.out(`${JSON.stringify({ error: failure })}\n`);
  terminal.err(`${failureLines(failure, { width: terminal.columns(), palette: terminal.errPalette }).join('\n')}\n`);
}
