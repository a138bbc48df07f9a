import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { logLevel, logLevels, type LogLevel, type LogLine, type LogPage } from '#contract/engine-log.ts';

export interface EngineLogPlace {
  readonly before: number | null;
  readonly after: number | null;
  readonly limit: number;
  readonly minimum: LogLevel;
}

export interface EngineLogReader {
  /** A piece of the log; empty when there is no such file. */
  tail(place: EngineLogPlace): Promise<LogPage>;
}

export interface EngineLogReaderOptions {
  readonly file: string;
  /** Takes secrets out of a line. The engine logs none; a crash or a library may. */
  readonly redact: (text: string) => string;
}

/** Read at once; a line longer than this comes in pieces of it. */
const blockBytes = 262_144;
/** Looked through for one page at most: a filter that lets nothing by must not read a whole file. */
const lookedThroughBytes = 4_194_304;
const longestMessage = 8_000;
const longestField = 2_000;
const mostFields = 40;
const lineFeed = 10;

export function createEngineLogReader({ file, redact }: EngineLogReaderOptions): EngineLogReader {
  return {
    async tail({ before, after, limit, minimum }) {
      const handle = await openIfThere(file);
      if (handle === null) return { ...nothing, file, isNewFile: (after ?? 0) > 0 };
      try {
        const { size } = await handle.stat();
        const reading = { handle, size, limit, accept: acceptor(redact, minimum) };
        const isNewFile = after !== null && after > size;
        const page =
          after === null || isNewFile
            ? await readBack(reading, Math.min(before ?? size, size))
            : await readOn(reading, after);
        return { ...page, isNewFile, file };
      } finally {
        await handle.close();
      }
    },
  };
}

const nothing = { lines: [], start: 0, end: 0, hasMore: false } satisfies Partial<LogPage>;

interface Reading {
  readonly handle: FileHandle;
  readonly size: number;
  readonly limit: number;
  /** The line, or null where it is not wanted. */
  readonly accept: (text: string, at: number) => LogLine | null;
}

type Piece = Pick<LogPage, 'lines' | 'start' | 'end' | 'hasMore'>;

async function readBack({ handle, size, limit, accept }: Reading, from: number): Promise<Piece> {
  const lines: LogLine[] = [];
  let start = from;
  let end: number | null = null;
  while (start > 0 && lines.length < limit && from - start < lookedThroughBytes) {
    const blockStart = Math.max(0, start - blockBytes);
    const found = linesIn(await readBlock(handle, blockStart, start), blockStart);
    // What has no line feed yet is still being written; it is read when it is whole.
    end ??= found.at(-1)?.isWhole === false && start === size ? (found.pop()?.at ?? start) : start;
    // The first one began before the block, unless there is nothing before it.
    if (blockStart > 0 && found.length > 1) found.shift();
    start = found[0]?.at ?? blockStart;
    for (const { at, text } of found.toReversed()) {
      const line = accept(text, at);
      if (line !== null) lines.push(line);
      if (lines.length < limit) continue;
      start = at;
      break;
    }
  }
  const last = end ?? from;
  return { lines: lines.toReversed(), start, end: last, hasMore: last < size };
}

async function readOn({ handle, size, limit, accept }: Reading, from: number): Promise<Piece> {
  const lines: LogLine[] = [];
  let end = from;
  while (end < size && lines.length < limit && end - from < lookedThroughBytes) {
    const block = await readBlock(handle, end, Math.min(size, end + blockBytes));
    const found = linesIn(block, end);
    const isTooLong = found.length === 1 && block.length === blockBytes;
    if (found.at(-1)?.isWhole === false && !isTooLong) found.pop();
    if (found.length === 0) break;
    for (const { at, text, next } of found) {
      const line = accept(text, at);
      if (line !== null) lines.push(line);
      end = next;
      if (lines.length === limit) break;
    }
  }
  return { lines, start: from, end, hasMore: end < size };
}

interface FoundLine {
  readonly at: number;
  /** Where the one behind it begins. */
  readonly next: number;
  readonly text: string;
  /** It has its line feed. */
  readonly isWhole: boolean;
}

function linesIn(block: Buffer, offset: number): FoundLine[] {
  const lines: FoundLine[] = [];
  for (let at = 0; at < block.length;) {
    const feed = block.indexOf(lineFeed, at);
    const next = feed < 0 ? block.length : feed + 1;
    const text = block.toString('utf8', at, feed < 0 ? next : feed);
    lines.push({ at: offset + at, next: offset + next, text, isWhole: feed >= 0 });
    at = next;
  }
  return lines;
}

async function readBlock(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const block = Buffer.alloc(end - start);
  const { bytesRead } = await handle.read(block, 0, block.length, start);
  return block.subarray(0, bytesRead);
}

/** A line as `createLogger` writes it. */
const writtenLine = z.looseObject({ t: z.iso.datetime(), level: logLevel, module: z.string(), message: z.string() });

function acceptor(redact: (text: string) => string, minimum: LogLevel): Reading['accept'] {
  const from = logLevels.indexOf(minimum);
  return (raw, at) => {
    const text = raw.trimEnd();
    if (text === '') return null;
    const parsed = writtenLine.safeParse(parseOrNull(text));
    if (!parsed.success) return { ...plain, at, message: cut(redact(text), longestMessage) };
    const { t, level, module, message, ...fields } = parsed.data;
    if (logLevels.indexOf(level) < from) return null;
    return {
      ...{ at, t: Date.parse(t), level, module, message: cut(redact(message), longestMessage) },
      fields: Object.fromEntries(
        Object.entries(fields)
          .slice(0, mostFields)
          .map(([name, value]) => [cut(name, 100), cut(redact(textOf(value)), longestField)]),
      ),
    };
  };
}

const plain = { t: null, level: null, module: null, fields: {} };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What Node or a crash wrote is shown as it is.
    return null;
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
