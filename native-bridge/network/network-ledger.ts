import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LedgerLine } from '#core/ports/outbound.ts';

/** Appends lines to FORGE_HOME/logs/network.jsonl, one write a line, in order. */
export function createNetworkLedger(path: string): { readonly append: (line: LedgerLine) => Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  return {
    append: (line) => {
      const write = last.then(async () => {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      });
      // A failed write is its caller's to report; it does not stop the lines after it.
      last = write.catch(() => undefined);
      return write;
    },
  };
}
