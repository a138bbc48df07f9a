import { randomUUID } from 'node:crypto';
import type { DiskPart } from '#contract/settings.ts';
import { confirm } from '../ask.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { table } from '../terminal/table.ts';
import { bytes } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

function partTable(parts: readonly DiskPart[], style: ViewStyle): string[] {
  const columns = [
    { title: 'part' },
    { title: 'size', align: 'right' as const },
    { title: 'can go', align: 'right' as const },
    { title: 'what it is', flexible: true },
  ];
  const rows = parts.map(({ id, bytes: size, deletableBytes, deletion, about }) => [
    id,
    bytes(size),
    deletion === 'kept' ? 'kept' : bytes(deletableBytes),
    about,
  ]);
  return table(columns, rows, style);
}

/** `forge storage usage`. */
export async function showStorage(invocation: Invocation): Promise<number> {
  const usage = await withEngine(invocation, ({ client }) => client.storage.usage());
  printResult(invocation, usage, () => [
    `${usage.home}: ${bytes(usage.parts.reduce((sum, part) => sum + part.bytes, 0))}, ${bytes(usage.freeBytes)} of the disk are free`,
    '',
    ...partTable(usage.parts, outStyle(invocation.terminal)),
  ]);
  return exitCode.done;
}

/** `forge storage clean`: says what goes, asks, deletes what nothing uses. */
export async function cleanStorage(invocation: Invocation): Promise<number> {
  const id = invocation.words[0] ?? '';
  return withEngine(invocation, async ({ client }) => {
    const { parts } = await client.storage.usage();
    const part = parts.find((one) => one.id === id);
    const goes = part?.deletableBytes ?? 0;
    const question = `${bytes(goes)} of ${part?.label ?? id} go. ${part?.about ?? ''}`;
    if (goes > 0 && !(await confirm(invocation, question))) {
      invocation.terminal.err('Nothing was removed.\n');
      return exitCode.stopped;
    }
    const { freedBytes } = await client.storage.clean({ id, requestId: randomUUID() });
    printResult(invocation, { part: id, freedBytes }, () => [`${bytes(freedBytes)} are free again.`]);
    return exitCode.done;
  });
}
