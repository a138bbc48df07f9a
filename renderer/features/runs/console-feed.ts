import type { ForgeClient } from '#contract/client.ts';

/** What is shown of a console at a time: some eight thousand lines. */
export const consoleWindowBytes = 524_288;
/** Text that waits to be drawn; a terminal that is slower than its program loses the oldest and says so. */
const mostPendingCharacters = 2_000_000;
const pageBytes = 262_144;

/** Gathers what comes between two drawings of the terminal. */
export class ConsoleBuffer {
  #pieces: string[] = [];
  #characters = 0;
  #dropped = 0;

  push(text: string): void {
    this.#pieces.push(text);
    this.#characters += text.length;
    while (this.#characters > mostPendingCharacters && this.#pieces.length > 1) {
      const [oldest = ''] = this.#pieces.splice(0, 1);
      this.#characters -= oldest.length;
      this.#dropped += oldest.length;
    }
  }

  /** Everything that waits, and how many characters were left out before it; empties the buffer. */
  take(): { readonly text: string; readonly dropped: number } {
    const taken = { text: this.#pieces.join(''), dropped: this.#dropped };
    this.clear();
    return taken;
  }

  clear(): void {
    this.#pieces = [];
    this.#characters = 0;
    this.#dropped = 0;
  }
}

export interface ConsoleSink {
  /** The console is shown from this byte on; what came before is on disk. */
  onStart(offset: number): void;
  onText(text: string): void;
  /** Bytes that were passed over: they are on disk. */
  onSkipped(from: number, to: number): void;
  onEnd(): void;
}

export interface ConsolePlace {
  readonly client: ForgeClient;
  readonly signal: AbortSignal;
  readonly job: string;
}

/** Follows a console from near its end; `from` is where an earlier connection left off. Resolves with the end of the attempt. */
export async function followConsole(
  place: ConsolePlace,
  sink: ConsoleSink,
  progress: { offset: number | null },
): Promise<void> {
  const { client, signal, job } = place;
  if (progress.offset === null) {
    progress.offset = Math.max(0, (await findConsoleEnd(place)) - consoleWindowBytes);
    sink.onStart(progress.offset);
  }
  for await (const chunk of await client.runs.followConsole({ job, offset: progress.offset }, { signal })) {
    if (chunk.kind === 'skipped') {
      progress.offset = chunk.to;
      sink.onSkipped(chunk.from, chunk.to);
    } else {
      progress.offset = chunk.next;
      sink.onText(chunk.text);
    }
  }
  if (!signal.aborted) sink.onEnd();
}

/** Text of the bytes from `from` up to `to`, page by page. Ends early where the file does. */
export async function readConsole(place: ConsolePlace, { from, to }: { from: number; to: number }): Promise<string> {
  const { client, signal, job } = place;
  let text = '';
  for (let offset = from; offset < to;) {
    const limitBytes = Math.min(pageBytes, to - offset);
    const page = await client.runs.console({ job, offset, limitBytes }, { signal });
    text += page.text;
    if (page.next <= offset) break;
    offset = page.next;
  }
  return text;
}

/** Size of the console in bytes, found in some fifty questions of one byte: no procedure tells it, and reading all of it may be long. */
export async function findConsoleEnd({ client, signal, job }: ConsolePlace): Promise<number> {
  const { attempt } = await client.jobs.get({ job }, { signal });
  if (attempt === 0) return 0;
  const hasByte = async (offset: number): Promise<boolean> => {
    const page = await client.runs.console({ job, offset, limitBytes: 1 }, { signal });
    return page.next > offset || page.end > offset;
  };
  let beyond = consoleWindowBytes;
  if (!(await hasByte(beyond))) return beyond;
  while (await hasByte(beyond)) beyond *= 2;
  let within = beyond / 2;
  while (beyond - within > 1_024) {
    const middle = Math.floor((within + beyond) / 2);
    if (await hasByte(middle)) within = middle;
    else beyond = middle;
  }
  return beyond;
}
