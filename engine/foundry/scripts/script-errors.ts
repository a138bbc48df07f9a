import { ForgeError, type ErrorCode } from '#contract/errors.ts';
import type { ScriptStop } from '#core/foundry/scripts/sandbox.ts';

const codes = {
  exception: 'script.failed',
  'bad-result': 'script.bad-row',
  time: 'script.over-limit',
  memory: 'script.over-limit',
  output: 'script.over-limit',
  crash: 'script.ended',
} as const satisfies Record<ScriptStop['why'], ErrorCode>;

const own: Partial<Record<ScriptStop['why'], string>> = {
  memory: 'it needed more memory than a script may have (1 GiB)',
};

/** Where a message stood in the version, for the row that went wrong. */
export interface MessagePlace {
  readonly first: number;
  readonly rows: number;
}

function rowOf({ row }: ScriptStop, { first, rows }: MessagePlace): { row: number | string; place: number } {
  return row === null
    ? { row: `${first + 1} to ${first + rows}`, place: first }
    : { row: first + row + 1, place: first + row };
}

/** A stop for a person: row, reason, traceback. Without a message it went wrong before the first row. */
export function errorOfStop(stop: ScriptStop, script: string, message?: MessagePlace): ForgeError {
  const reason = (own[stop.why] ?? stop.reason).replace(/[.\s]+$/, '');
  const told = { script, reason, traceback: stop.traceback };
  if (message === undefined) return new ForgeError('script.not-usable', told);
  return new ForgeError(codes[stop.why], { ...told, ...rowOf(stop, message) });
}
