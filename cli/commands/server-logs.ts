import { setTimeout as sleep } from 'node:timers/promises';
import type { ForgeClient } from '#contract/client.ts';
import { logLevel, type LogLevel, type LogLine } from '#contract/engine-log.ts';
import { exitCode } from '../failure.ts';
import { isOn, numberValue, textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { listenForStop } from '../stop-signal.ts';
import { logLineText } from '../terminal/log-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

const shownLines = 50;
const pageLines = 1_000;
const lookEveryMs = 400;

/** `forge server logs`: the last lines, and with `--follow` what comes after them. */
export async function printServerLog(invocation: Invocation): Promise<number> {
  const wanted = {
    limit: numberValue(invocation, 'limit') ?? shownLines,
    minimum: logLevel.parse(textValue(invocation, 'level') ?? 'debug'),
  };
  const style = outStyle(invocation.terminal);
  if (!isOn(invocation, 'follow')) {
    const { lines } = await withEngine(invocation, ({ client }) => lastLines(client, wanted));
    printResult(invocation, lines, () => lines.map((line) => logLineText(line, style)));
    return exitCode.done;
  }
  const stop = listenForStop();
  const print = (line: LogLine): void =>
    invocation.terminal.out(`${invocation.json ? JSON.stringify(line) : logLineText(line, style)}\n`);
  try {
    // Others may use the engine by the time the reader leaves.
    await withEngine(invocation, ({ client }) => follow(client, wanted, { print, signal: stop.first }), {
      engineStays: true,
    });
  } finally {
    stop.dispose();
  }
  return exitCode.interrupted;
}

interface Wanted {
  readonly limit: number;
  readonly minimum: LogLevel;
}

/** Page by page from the end of the file, the newest last; `end` is where to go on. */
async function lastLines(client: ForgeClient, { limit, minimum }: Wanted): Promise<{ lines: LogLine[]; end: number }> {
  let lines: LogLine[] = [];
  let before: number | null = null;
  let end: number | null = null;
  while (lines.length < limit && before !== 0) {
    const page: Awaited<ReturnType<ForgeClient['logs']['tail']>> = await client.logs.tail({
      ...{ before, minimum },
      limit: Math.min(pageLines, limit - lines.length),
    });
    lines = [...page.lines, ...lines];
    before = page.start;
    end ??= page.end;
  }
  return { lines, end: end ?? 0 };
}

interface Following {
  readonly print: (line: LogLine) => void;
  readonly signal: AbortSignal;
}

async function follow(client: ForgeClient, wanted: Wanted, { print, signal }: Following): Promise<void> {
  const { lines, end } = await lastLines(client, wanted);
  lines.forEach(print);
  let after = end;
  while (!signal.aborted) {
    const page = await client.logs.tail({ after, limit: pageLines, minimum: wanted.minimum });
    page.lines.forEach(print);
    if (page.end === after || !page.hasMore) await sleep(lookEveryMs);
    after = page.end;
  }
}
