import { createHash } from 'node:crypto';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import type { ScriptExample, ScriptReport } from '#contract/scripts.ts';
import { isStop, type Sandbox, type SandboxSession, type ScriptProgram } from '#core/foundry/scripts/sandbox.ts';
import { SandboxNotUp } from '#native-bridge/sandbox/script-session.ts';
import { errorOfStop } from './script-errors.ts';
import { noCounts, transformRows, type TransformedRow } from './transform-rows.ts';

const exampleCharacters = 2_000;

/** A program and what it is called. */
export interface NamedProgram {
  readonly script: string;
  readonly program: ScriptProgram;
}

/** Loads a script in a fresh sandbox. @throws ForgeError script.not-usable, script.no-sandbox */
export async function loadScript(
  sandbox: Sandbox,
  { script, program }: NamedProgram,
  signal: AbortSignal,
): Promise<SandboxSession> {
  const session = await sandbox.start(program, signal).catch((error: unknown) => {
    // It held a moment ago: a window was closed, a program removed.
    if (!(error instanceof SandboxNotUp)) throw error;
    throw new ForgeError('script.no-sandbox', { reasons: `${sandbox.label}: ${error.message}` }, { cause: error });
  });
  if (isStop(session)) throw errorOfStop(session, script);
  return session;
}

async function* once(rows: readonly CanonicalRow[]): AsyncGenerator<{ readonly rows: readonly CanonicalRow[] }> {
  yield { rows };
}

interface Tried {
  readonly rows: readonly TransformedRow[];
  readonly counts: ReturnType<typeof noCounts>;
  readonly printed: string;
}

async function runOnce(sandbox: Sandbox, named: NamedProgram, signal: AbortSignal): Promise<Tried> {
  const session = await loadScript(sandbox, named, signal);
  try {
    const [rows, counts]: [TransformedRow[], ReturnType<typeof noCounts>] = [[], noCounts()];
    let printed = '';
    const onPrinted = (text: string): void => void (printed += text);
    const batches = once(named.program.sample);
    for await (const some of transformRows({ session, script: named.script, batches, counts, onPrinted }))
      rows.push(...some);
    return { rows, counts, printed };
  } finally {
    await session.close();
  }
}

function lineOf({ after }: TransformedRow): string {
  return JSON.stringify(after);
}

/** A row as it is looked at: what nobody reads does not travel. */
function shortened(row: CanonicalRow): CanonicalRow {
  const cut = (_: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > exampleCharacters
      ? value.slice(0, exampleCharacters).toWellFormed()
      : value;
  return JSON.parse(JSON.stringify(row, cut)) as CanonicalRow;
}

function exampleOf({ place, before, after }: TransformedRow): ScriptExample {
  return { place, before: shortened(before), after: after.slice(0, 20).map(shortened) };
}

/**
 * The first rows twice, each time in a sandbox of its own (D-28): before and after of each, and one hash that both runs share.
 * @throws ForgeError script.*, script.not-repeatable with the first row that differs
 */
export async function tryScript(
  sandbox: Sandbox,
  named: NamedProgram,
  signal: AbortSignal,
): Promise<Pick<ScriptReport, 'tried' | 'printed'>> {
  const first = await runOnce(sandbox, named, signal);
  const second = await runOnce(sandbox, named, signal);
  const differing = first.rows.findIndex(
    (row, index) => lineOf(row) !== (second.rows[index] && lineOf(second.rows[index])),
  );
  if (differing !== -1)
    throw new ForgeError('script.not-repeatable', { script: named.script, row: differing + 1, place: differing });
  const hash = createHash('sha256');
  for (const row of first.rows) hash.update(lineOf(row)).update('\n');
  const tried = { ...first.counts, outputSha256: hash.digest('hex'), examples: first.rows.map(exampleOf) };
  return { tried, printed: first.printed };
}
