import type { LedgerEntry } from '#contract/settings.ts';
import { exitCode } from '../failure.ts';
import { numberValue, type Invocation } from '../invocation.ts';
import { printNote, printResult } from '../output.ts';
import { table } from '../terminal/table.ts';
import { oneLine } from '../terminal/text.ts';
import { bytes, counted, dateAndMinute } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

const defaultLimit = 20;

function outcome({ status, failure }: LedgerEntry, { palette }: ViewStyle): string {
  if (failure !== null) return palette.bad(oneLine(failure));
  return status === null ? '' : String(status);
}

function ledgerTable(entries: readonly LedgerEntry[], style: ViewStyle): string[] {
  const columns = [
    { title: 'when' },
    { title: 'what for' },
    { title: 'where', flexible: true },
    { title: 'answer' },
    { title: 'received', align: 'right' as const },
  ];
  const rows = entries.map((entry) => [
    dateAndMinute(entry.t),
    oneLine(entry.purpose),
    oneLine(entry.url),
    outcome(entry, style),
    entry.receivedBytes === null ? '' : bytes(entry.receivedBytes),
  ]);
  return table(columns, rows, style);
}

/** `forge network ledger`: every request that left this machine. */
export async function showLedger(invocation: Invocation): Promise<number> {
  const limit = numberValue(invocation, 'limit') ?? defaultLimit;
  const page = await withEngine(invocation, ({ client }) => client.network.ledger({ limit }));
  printResult(invocation, page, () => {
    const offline = page.offline ? ['Forge is set to stay offline (network.offline).', ''] : [];
    if (page.entries.length === 0) return [...offline, 'Nothing has left this machine.'];
    const style = outStyle(invocation.terminal);
    return [...offline, ...ledgerTable(page.entries, style), '', `${counted(page.total, 'request')} in all`];
  });
  if ((page.skipped ?? 0) > 0) printNote(invocation, `${counted(page.skipped ?? 0, 'line')} could not be read.`);
  return exitCode.done;
}
