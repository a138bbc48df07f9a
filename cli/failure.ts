import { isDiskFull, systemReason } from '#contract/errors/system-errors.ts';

/** Exit codes of `forge`; documented in docs/command-line.md. */
export const exitCode = { done: 0, failed: 1, usage: 2, machine: 3, stopped: 4, interrupted: 130 } as const;

/** What a command says when it cannot do what was asked. The fields are those of `ForgeErrorData` in contract/main-job.ts. */
export interface Failure {
  readonly code: string;
  /** What happened and where. */
  readonly message: string;
  /** What to do next. */
  readonly remedy: string;
  readonly exitCode: number;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  readonly correlationId: string | null;
}

/** An expected end of a command with a sentence for the person. */
export class CommandFailure extends Error {
  readonly failure: Failure;

  constructor(
    failure: Pick<Failure, 'code' | 'message' | 'remedy' | 'exitCode'> & Partial<Failure>,
    options?: { cause?: unknown },
  ) {
    super(failure.message, options);
    this.name = 'CommandFailure';
    const { code, message, remedy, exitCode: exit, detail = {}, correlationId = null } = failure;
    this.failure = { code, message, remedy, exitCode: exit, detail, correlationId };
  }
}

/** A wrong word on the command line. */
export function usageFailure(message: string, remedy: string): CommandFailure {
  return new CommandFailure({ code: 'command.usage', message, remedy, exitCode: exitCode.usage });
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** What the operating system refused to this command itself: a full disk, a folder that may not be written. `home` names the folder where no file is known. */
export function systemFailure(error: unknown, home?: string): CommandFailure | null {
  const { path, dest } = (error ?? {}) as { path?: unknown; dest?: unknown };
  const where = home ?? [dest, path].find((place) => typeof place === 'string') ?? 'a file';
  if (isDiskFull(error)) {
    return new CommandFailure(
      {
        code: 'engine.disk-full',
        message: `The disk is full: ${where} could not be written.`,
        remedy: 'Free some space there, or choose a place on another disk, then run the same command again.',
        exitCode: exitCode.machine,
      },
      { cause: error },
    );
  }
  const reason = systemReason(error);
  // Without a file it is not the person's: a bug that happens to carry such a code.
  if (reason === null || where === 'a file') return null;
  const change = home === undefined ? 'name another place' : 'choose another folder with --home or FORGE_HOME';
  return new CommandFailure(
    {
      code: home === undefined ? 'command.file-refused' : 'engine.home-not-writable',
      message:
        home === undefined ? `${where} cannot be used: ${reason}.` : `Forge cannot write in ${where}: ${reason}.`,
      remedy: `Correct that (permissions, for example), or ${change}.`,
      exitCode: exitCode.machine,
    },
    { cause: error },
  );
}

/**
 * Any thrown thing as a failure: the command line's own, the engine's expected errors (they carry their exit code), a lost
 * connection, and for everything else a bug of this program.
 */
export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof CommandFailure) return error.failure;
  const { isForgeError } = await import('#contract/client.ts');
  const expected = isForgeError(error);
  if (expected !== null) return expected;
  const refused = systemFailure(error);
  if (refused !== null) return refused.failure;
  const message = error instanceof Error ? error.message : String(error);
  if (
    /connection|websocket|socket|peer|closed or aborted while waiting/i.test(message) ||
    hasCode(error, 'ECONNREFUSED')
  ) {
    return {
      code: 'command.connection-lost',
      message: `The connection to the engine was lost (${message.replace(/[.\s]+$/, '')}).`,
      remedy: 'Run the command again: it starts the engine when it is not there, and the work goes on where it was.',
      exitCode: exitCode.machine,
      detail: {},
      correlationId: null,
    };
  }
  return {
    code: 'command.bug',
    message: `Something went wrong inside the forge command: ${message.replace(/[.\s]+$/, '')}.`,
    remedy: 'Run it again with FORGE_DEBUG=1 to see where, and report what it prints.',
    exitCode: exitCode.failed,
    detail: {},
    correlationId: null,
  };
}
