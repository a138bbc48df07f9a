import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { scriptRequest, type ScriptReport, type ScriptRequest } from '#contract/scripts.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { scriptLimits, triedRows } from '#core/foundry/scripts/script-limits.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import { WorkStopped, type FoundryWork, type WorkContext } from '../work-context.ts';
import { chooseSandbox } from './choose-sandbox.ts';
import { makeScriptVersion, openScriptOutput } from './make-version.ts';
import { digestOf, noCounts, transformRows } from './transform-rows.ts';
import { loadScript, tryScript, type NamedProgram } from './try-script.ts';

const wishEveryMs = 100;
const printedCharacters = 4_000;

/** A sandbox is waited for, not worked beside: what is wished is heard all the same, well within a second. */
function listenForWishes(context: WorkContext): { readonly signal: AbortSignal; stop(): void } {
  const stopping = new AbortController();
  const timer = setInterval(() => {
    if (context.wish() !== 'go-on') stopping.abort(new WorkStopped());
  }, wishEveryMs);
  return { signal: stopping.signal, stop: () => clearInterval(timer) };
}

async function firstRows({ store }: WorkContext, version: DatasetVersion): Promise<CanonicalRow[]> {
  const rows: CanonicalRow[] = [];
  for await (const batch of store.rows(version)) {
    rows.push(...batch.rows.slice(0, triedRows - rows.length));
    if (rows.length >= triedRows) break;
  }
  return rows;
}

interface Run {
  readonly sandbox: Sandbox;
  readonly named: NamedProgram;
  readonly request: ScriptRequest;
  readonly parent: DatasetVersion;
  readonly context: WorkContext;
  readonly signal: AbortSignal;
}

function pace(context: WorkContext, total: number): (done: number) => void {
  const startMs = performance.now();
  return (done) => {
    const seconds = (performance.now() - startMs) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    const known = seconds < 0.5 ? null : Math.round(rate);
    const secondsLeft = known === null ? null : (total - done) / Math.max(rate, 0.001);
    context.report({ text: `${done} rows transformed`, done, total, rowsPerSecond: known, secondsLeft });
  };
}

/** All rows into a new version. */
async function runOverAll(run: Run): Promise<Pick<ScriptReport, 'all' | 'version' | 'digest' | 'printed'>> {
  const { context, parent, named, request } = run;
  const session = await loadScript(run.sandbox, named, run.signal);
  const [output, counts, report] = [openScriptOutput(context.folder), noCounts(), pace(context, parent.rows)];
  let printed = '';
  const onPrinted = (text: string): void => void (printed = (printed + text).slice(0, printedCharacters));
  const batches = context.store.rows(parent);
  try {
    for await (const rows of transformRows({ session, script: named.script, batches, counts, onPrinted })) {
      output.add(rows);
      report(counts.seen);
      await context.breathe();
    }
  } finally {
    output.close();
    await session.close();
  }
  const { version, rows, merged } = await makeScriptVersion({ request, parent, output, counts, context });
  const made = { version: version?.version ?? null, digest: version?.digest ?? null };
  return { ...made, all: { ...counts, rows, merged }, printed };
}

async function runScript(request: ScriptRequest, context: WorkContext, work: ScriptWorld): Promise<ScriptReport> {
  const startMs = performance.now();
  const parent = await context.store.read(request);
  const { sandbox, report } = await chooseSandbox(work.sandboxes(), work.signal);
  context.report({
    text: `Tried first, in ${report.label}`,
    done: 0,
    total: parent.rows,
    rowsPerSecond: null,
    secondsLeft: null,
  });
  const { source, seed, allow } = request;
  const sample = await firstRows(context, parent);
  const named = { script: request.script, program: { source, sample, seed, allow, limits: scriptLimits } };
  const { tried, printed } = await tryScript(sandbox, named, work.signal);
  const nothing = { version: null, digest: null, all: null, printed };
  const run = { sandbox, named, request, parent, context, signal: work.signal };
  const made = request.mode === 'try' ? nothing : await runOverAll(run);
  return {
    ...{
      name: request.as ?? parent.name,
      script: request.script,
      scriptDigest: digestOf(source),
      sandbox: report,
      tried,
    },
    ...made,
    seconds: Math.round(performance.now() - startMs) / 1000,
  };
}

interface ScriptWorld {
  readonly sandboxes: () => readonly Sandbox[];
  readonly signal: AbortSignal;
}

/** The work `script` over some sandboxes; the best that holds is used. */
export function scriptWorkIn(sandboxes: () => readonly Sandbox[]): FoundryWork {
  return async (given, context) => {
    const request = scriptRequest.parse(given);
    if (reservedNames.has(request.as ?? '')) throw new ForgeError('foundry.name-reserved', { name: request.as });
    const wishes = listenForWishes(context);
    try {
      return await runScript(request, context, { sandboxes, signal: wishes.signal });
    } catch (error) {
      // What a stopped sandbox says of itself is no failure of the script.
      if (context.wish() !== 'go-on') throw new WorkStopped();
      throw error;
    } finally {
      wishes.stop();
    }
  };
}

/** A script over a version (D-28 to D-30): tried on 200 rows twice, then over all, into a new version. @throws ForgeError script.* */
export const scriptWork: FoundryWork = scriptWorkIn(() => createSandboxes(process.env));
