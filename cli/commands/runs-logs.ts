import { setTimeout as sleep } from 'node:timers/promises';
import type { ForgeClient } from '#contract/client.ts';
import { finalJobStates, type JobView } from '#contract/jobs.ts';
import { exitCode } from '../failure.ts';
import { isOn, type Invocation } from '../invocation.ts';
import { findRun } from '../run-reference.ts';
import { listenForStop } from '../stop-signal.ts';
import { cutOffSequence, plainText } from '../terminal/text.ts';
import { withEngine } from '../with-engine.ts';

const pageBytes = 262_144;
const pagedEvents = 2_000;
const pollMs = 400;

function isFinal(job: JobView): boolean {
  return (finalJobStates as readonly string[]).includes(job.state);
}

interface LogReading {
  readonly client: ForgeClient;
  readonly job: string;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}

/** Prints a source page by page until it is read to its end, and with `follow` until the run is over as well. */
async function readOn(
  reading: LogReading,
  nextPage: (from: number) => Promise<{ next: number; more: boolean }>,
): Promise<void> {
  let from = 0;
  for (;;) {
    const page = await nextPage(from);
    const moved = page.next > from;
    from = page.next;
    if (reading.signal.aborted) return;
    if (page.more && moved) continue;
    if (!reading.follow || (!moved && isFinal(await reading.client.jobs.get({ job: reading.job })))) return;
    await sleep(pollMs);
  }
}

async function printConsole(reading: LogReading): Promise<void> {
  let carried = '';
  await readOn(reading, async (offset) => {
    const page = await reading.client.runs.console({ job: reading.job, offset, limitBytes: pageBytes });
    const text = carried + page.text;
    carried = cutOffSequence(text);
    const whole = text.slice(0, text.length - carried.length);
    if (whole !== '') reading.write(plainText(whole));
    return { next: page.next, more: page.next < page.end };
  });
}

async function printEvents(reading: LogReading): Promise<void> {
  await readOn(reading, async (after) => {
    const page = await reading.client.runs.eventsPage({ job: reading.job, after, limit: pagedEvents });
    for (const event of page.events) reading.write(`${JSON.stringify(event)}\n`);
    return { next: Math.max(after, page.last), more: page.events.length === pagedEvents };
  });
}

/** `forge runs logs`: the console with its control sequences taken out, or the events as JSON lines. With `--json` one object {job, text} or {job, events}. */
export async function printRunLog(invocation: Invocation): Promise<number> {
  const stop = listenForStop();
  const pieces: string[] = [];
  const write = (text: string): void => (invocation.json ? void pieces.push(text) : invocation.terminal.out(text));
  const events = isOn(invocation, 'events');
  try {
    await withEngine(invocation, async ({ client }) => {
      const { id } = await findRun(client, invocation.words[0] ?? '');
      const reading = { client, job: id, follow: isOn(invocation, 'follow'), signal: stop.first, write };
      await (events ? printEvents(reading) : printConsole(reading));
      if (!invocation.json) return;
      const content = events ? { events: pieces.map((line): unknown => JSON.parse(line)) } : { text: pieces.join('') };
      invocation.terminal.out(`${JSON.stringify({ job: id, ...content })}\n`);
    });
  } finally {
    stop.dispose();
  }
  return stop.first.aborted ? exitCode.interrupted : exitCode.done;
}
