import { z } from 'zod';
import type { CanonicalRow } from '#contract/rows.ts';
import type { SandboxSession, ScriptAnswer, ScriptProgram, ScriptStop } from '#core/foundry/scripts/sandbox.ts';
import type { ChannelEnd, SandboxChannel } from './channel.ts';

/** Opens a fresh interpreter that waits for its first question. */
export type OpenChannel = (signal: AbortSignal | undefined) => Promise<SandboxChannel>;

const row = z.number().int().nonnegative().nullable();
const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), printed: z.string() }),
  z.object({ kind: z.literal('answer'), printed: z.string(), results: z.array(z.array(z.unknown())) }),
  z.object({
    kind: z.literal('stopped'),
    why: z.enum(['exception', 'bad-result', 'memory', 'output']),
    row,
    reason: z.string(),
    traceback: z.string(),
  }),
]);
type Answer = z.infer<typeof answer>;

/** Rows in a frame are JSON: some more bytes than the texts themselves. */
export const frameShare = 1.25;

function stopOf(end: Extract<ChannelEnd, { kind: 'ended' }>): ScriptStop {
  return { kind: 'stopped', why: end.why, row: end.at, reason: end.reason, traceback: '' };
}

/** What the interpreter answered, or why there is no answer. An answer that cannot be understood is the script's doing: nothing else speaks there. */
function read(end: ChannelEnd): Answer | ScriptStop {
  if (end.kind === 'ended') return stopOf(end);
  const garbled = (): ScriptStop => stopOf({ kind: 'ended', why: 'crash', reason: 'its answer is garbled', at: null });
  try {
    const parsed = answer.safeParse(JSON.parse(end.text));
    return parsed.success ? parsed.data : garbled();
  } catch (error) {
    if (error instanceof SyntaxError) return garbled();
    throw error;
  }
}

interface Message {
  readonly rows: readonly CanonicalRow[];
  readonly first: number;
}

class Session implements SandboxSession {
  readonly #open: OpenChannel;
  readonly #program: ScriptProgram;
  readonly #signal: AbortSignal | undefined;
  #channel: SandboxChannel | null = null;

  constructor(open: OpenChannel, program: ScriptProgram, signal: AbortSignal | undefined) {
    this.#open = open;
    this.#program = program;
    this.#signal = signal;
  }

  /** Null when it is loaded. */
  async load(): Promise<ScriptStop | null> {
    const { source, seed, allow, limits, sample } = this.#program;
    const channel = await this.#open(this.#signal);
    this.#channel = channel;
    const timeoutMs = limits.startMs;
    const start = { kind: 'start', source, seed, allow, outputBytes: limits.outputBytes };
    const questions = [start, { kind: 'sample', rows: sample }];
    for (const question of questions) {
      const got = read(await channel.ask({ text: JSON.stringify(question), timeoutMs }));
      if (got.kind === 'ready') continue;
      await this.close();
      return got.kind === 'stopped' ? { ...got, row: null } : { ...garbledStart };
    }
    return null;
  }

  async transform(rows: readonly CanonicalRow[], first: number): Promise<ScriptAnswer | ScriptStop> {
    const got = await this.#ask({ rows, first }, this.#program.limits.messageMs(rows.length), false);
    if (got.kind === 'answer') return got;
    await this.close();
    const { rowMs } = this.#program.limits;
    if (got.row !== null || rowMs === null || this.#signal?.aborted === true) return got;
    return (await this.#locate({ rows, first }, rowMs)) ?? got;
  }

  async close(): Promise<void> {
    await this.#channel?.close();
  }

  async #ask({ rows, first }: Message, timeoutMs: number, careful: boolean): Promise<ScriptAnswer | ScriptStop> {
    if (this.#channel === null) throw new Error('a script was given rows before it was loaded');
    const text = JSON.stringify({ kind: 'rows', first, careful, rows });
    const got = read(await this.#channel.ask({ text, timeoutMs }));
    if (got.kind === 'stopped') return got;
    if (got.kind === 'answer' && got.results.length === rows.length) return got;
    return { ...garbledStart };
  }

  /** The same message once more in a fresh interpreter that says which row it is at: a process that hangs or dies cannot say it any more. */
  async #locate(message: Message, rowMs: number): Promise<ScriptStop | null> {
    const again = new Session(this.#open, this.#program, this.#signal);
    try {
      if ((await again.load()) !== null) return null;
      const got = await again.#ask(message, rowMs, true);
      return got.kind === 'stopped' ? got : null;
    } catch (error) {
      if (error instanceof SandboxNotUp) return null;
      throw error;
    } finally {
      await again.close();
    }
  }
}

const garbledStart: ScriptStop = {
  ...{ kind: 'stopped', why: 'crash', row: null, traceback: '' },
  reason: 'its answer does not fit what was asked',
};

/** Loads a script in a fresh interpreter. @throws Error when the interpreter itself does not come up */
export async function openSession(
  open: OpenChannel,
  program: ScriptProgram,
  signal: AbortSignal | undefined,
): Promise<SandboxSession | ScriptStop> {
  const session = new Session(open, program, signal);
  return (await session.load()) ?? session;
}

/** Waits for the first frame of a new interpreter. @throws Error with what it said instead */
export async function awaitReady(channel: SandboxChannel, timeoutMs: number): Promise<SandboxChannel> {
  const end = await channel.ask({ text: '', timeoutMs });
  const got = read(end);
  if (got.kind === 'ready') return channel;
  await channel.close();
  throw new SandboxNotUp(got.kind === 'stopped' ? got.reason : 'it did not greet');
}

/** The interpreter did not come up: the machine is at fault, not the script. */
export class SandboxNotUp extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SandboxNotUp';
  }
}
