import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import { scriptRequest, type ScriptReport, type ScriptRequest } from '#contract/scripts.ts';
import type { Sandbox } from '#core/foundry/scripts/sandbox.ts';
import { createSandboxes } from '#native-bridge/sandbox/create-sandboxes.ts';
import { reservedNames } from '#native-bridge/datasets/store/store-places.ts';
import type { FoundryWork, WorkContext } from '../work-context.ts';
import { chooseSandbox } from './choose-sandbox.ts';
import { makeScriptVersion, openScriptOutput } from './make-version.ts';
import { programOver, transformAll, type AllRows } from './transform-all.ts';
import { digestOf } from './transform-rows.ts';
import { tryScript } from './try-script.ts';
import { whileWished } from './while-wished.ts';

interface Run extends Omit<AllRows, 'onRows'> {
  readonly request: ScriptRequest;
  readonly parent: DatasetVersion;
  readonly context: WorkContext;
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
  const { context, parent, request } = run;
  const [output, report] = [openScriptOutput(context.folder), pace(context, parent.rows)];
  const onRows: AllRows['onRows'] = async (rows, seen) => {
    output.add(rows);
    report(seen);
    await context.breathe();
  };
  const { counts, printed } = await transformAll({ ...run, onRows }).finally(() => output.close());
  const { version, rows, merged } = await makeScriptVersion({ request, parent, output, counts, context });
  const made = { version: version?.version ?? null, digest: version?.digest ?? null };
  return { ...made, all: { ...counts, rows, merged }, printed };
}

async function runScript(request: ScriptRequest, context: WorkContext, work: ScriptWorld): Promise<ScriptReport> {
  const startMs = performance.now();
  const { signal } = work;
  const parent = await context.store.read(request);
  const chosen = await chooseSandbox(work.sandboxes(), signal);
  const progress = { done: 0, total: parent.rows, rowsPerSecond: null, secondsLeft: null };
  context.report({ text: `Tried first, in ${chosen.report.label}`, ...progress });
  const open = (): ReturnType<typeof context.store.rows> => context.store.rows(parent);
  const named = await programOver(request, open);
  const { tried, printed } = await tryScript(chosen.sandbox, named, signal);
  const nothing = { version: null, digest: null, all: null, printed };
  const run = { sandbox: chosen, named, open, request, parent, context, signal };
  const made = request.mode === 'try' ? nothing : await runOverAll(run);
  const { script, source, as } = request;
  return {
    ...{ name: as ?? parent.name, script, scriptDigest: digestOf(source), sandbox: chosen.report, tried },
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
    return whileWished(context, (signal) => runScript(request, context, { sandboxes, signal }));
  };
}

/** A script over a version (D-28 to D-30): tried on 200 rows twice, then over all, into a new version. @throws ForgeError script.* */
export const scriptWork: FoundryWork = scriptWorkIn(() => createSandboxes(process.env));
