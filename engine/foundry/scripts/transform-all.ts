import type { CanonicalRow } from '#contract/rows.ts';
import type { ScriptCounts, SandboxReport } from '#contract/scripts.ts';
import type { Sandbox, ScriptProgram } from '#core/foundry/scripts/sandbox.ts';
import { scriptLimits, triedRows } from '#core/foundry/scripts/script-limits.ts';
import { noCounts, transformRows, type TransformedRow } from './transform-rows.ts';
import { loadScript, type NamedProgram } from './try-script.ts';

const printedCharacters = 4_000;

/** A script with what its results depend on, as a request or a step names it. */
export type AskedScript = Pick<ScriptProgram, 'source' | 'seed' | 'allow'> & { readonly script: string };

/** Batches of rows, to be read as often as needed. */
export type OpenRows = () => AsyncIterable<{ readonly rows: readonly CanonicalRow[] }>;

/** The program over the first rows: what `setup(sample)` sees and what is tried. */
export async function programOver({ script, source, seed, allow }: AskedScript, open: OpenRows): Promise<NamedProgram> {
  const sample: CanonicalRow[] = [];
  for await (const { rows } of open()) {
    sample.push(...rows.slice(0, triedRows - sample.length));
    if (sample.length >= triedRows) break;
  }
  return { script, program: { source, sample, seed, allow, limits: scriptLimits } };
}

export interface AllRows {
  readonly sandbox: { readonly sandbox: Sandbox; readonly report: SandboxReport };
  readonly named: NamedProgram;
  readonly open: OpenRows;
  readonly signal: AbortSignal;
  /** Told every message of rows, with the rows seen so far. */
  readonly onRows: (rows: readonly TransformedRow[], seen: number) => Promise<void>;
}

/** All rows through a script that was tried, in a fresh sandbox. @throws ForgeError script.* with the row and the traceback */
export async function transformAll(
  work: AllRows,
): Promise<{ readonly counts: ScriptCounts; readonly printed: string }> {
  const { named, open, onRows, signal } = work;
  const session = await loadScript(work.sandbox.sandbox, named, signal);
  const counts = noCounts();
  let printed = '';
  const onPrinted = (text: string): void => void (printed = (printed + text).slice(0, printedCharacters));
  try {
    for await (const rows of transformRows({ session, script: named.script, batches: open(), counts, onPrinted }))
      await onRows(rows, counts.seen);
  } finally {
    await session.close();
  }
  return { counts, printed };
}
