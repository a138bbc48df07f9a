import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LedgerEntry } from '#contract/settings.ts';
import { readLinesBackward } from '../files/read-lines-backward.ts';

const maximumLineBytes = 65_536;
const chunkBytes = 1_048_576;
const lineFeed = 10;

/** A line as `createOutbound` writes it; a tool's line has no host. */
const ledgerLine = z.object({
  t: z.number(),
  purpose: z.string(),
  method: z.string(),
  host: z.string().nullable(),
  path: z.string(),
  bytes: z.number().nonnegative().nullable(),
  sentBytes: z.number().nonnegative().nullish(),
  status: z.number().int().nullable(),
  ms: z.number().nullable(),
  error: z.string().nullable(),
});

export interface LedgerPage {
  readonly entries: LedgerEntry[];
  /** Lines of the whole file. */
  readonly total: number;
  /** Lines met on the way that are torn or no entries. */
  readonly skipped: number;
}

/** Reads FORGE_HOME/logs/network.jsonl from its end; the whole file is only ever counted, and of that what was added since. */
export interface NetworkLedgerReader {
  /** Entries that began before `before` (Unix ms; null: all), the latest first; more than `limit` where several began in the same millisecond. */
  page(place: { readonly before: number | null; readonly limit: number }): Promise<LedgerPage>;
}

export function createNetworkLedgerReader(home: string): NetworkLedgerReader {
  const path = join(home, 'logs', 'network.jsonl');
  const count = createLineCount(path);
  return {
    async page({ before, limit }) {
      const entries: LedgerEntry[] = [];
      let skipped = 0;
      for await (const line of readLinesBackward(path, maximumLineBytes)) {
        const entry = entryOf(line);
        if (entry === null) skipped += 1;
        else {
          if (isComplete(entries, limit, entry)) break;
          if (before === null || entry.t < before) insert(entries, limit, entry);
        }
      }
      return { entries, total: await count(), skipped };
    },
  };
}

/**
 * Lines stand in the order in which requests ended, pages go by when they began. A page is complete when it is full and this line ended before
 * its oldest entry began: all lines further up ended, and so began, earlier still.
 */
function isComplete(entries: readonly LedgerEntry[], limit: number, { t, milliseconds }: LedgerEntry): boolean {
  const oldest = entries.at(-1);
  return entries.length >= limit && oldest !== undefined && t + (milliseconds ?? 0) < oldest.t;
}

/** Keeps the latest `limit` in order, and with the last of them all that began in the same millisecond. */
function insert(entries: LedgerEntry[], limit: number, entry: LedgerEntry): void {
  const place = entries.findIndex(({ t }) => t < entry.t);
  entries.splice(place < 0 ? entries.length : place, 0, entry);
  const last = entries[limit - 1];
  while (last !== undefined && entries.length > limit && (entries.at(-1)?.t ?? 0) < last.t) entries.pop();
}

function entryOf(line: string): LedgerEntry | null {
  const parsed = ledgerLine.safeParse(parseOrNull(line));
  if (!parsed.success) return null;
  const { t, purpose, method, host, path, bytes, sentBytes, status, ms, error } = parsed.data;
  return {
    ...{ t, purpose, method, status, url: host === null ? path : `https://${host}${path}` },
    ...{ sentBytes: sentBytes ?? null, receivedBytes: bytes, milliseconds: ms, failure: error },
  };
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Half a line of a killed engine or a full disk; the caller counts it.
    return null;
  }
}

/** Lines of a file that grows: only what was added since the last call is read. */
function createLineCount(path: string): () => Promise<number> {
  let size = 0;
  let lines = 0;
  let identity = '';
  return async () => {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return 0;
    try {
      const { size: now, ino, birthtimeMs } = await file.stat();
      // Somebody put another file in its place.
      if (now < size || identity !== `${ino} ${birthtimeMs}`) [size, lines] = [0, 0];
      identity = `${ino} ${birthtimeMs}`;
      const chunk = Buffer.alloc(Math.min(chunkBytes, Math.max(1, now - size)));
      while (size < now) {
        const { bytesRead } = await file.read(chunk, 0, chunk.length, size);
        if (bytesRead === 0) break;
        for (let at = chunk.indexOf(lineFeed); at >= 0 && at < bytesRead; at = chunk.indexOf(lineFeed, at + 1))
          lines += 1;
        size += bytesRead;
      }
      return lines;
    } finally {
      await file.close();
    }
  };
}
