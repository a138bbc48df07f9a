import { z } from 'zod';
import type { Fitness, Sandbox, SandboxSession, ScriptProgram, ScriptStop } from '#core/foundry/scripts/sandbox.ts';
import { attemptRow, startEscapeWitness, type EscapeWitness } from './escape-witness.ts';

/** The tries of a probe: one for each wall, none that kills the sandbox. The whole suite is `tests/sandbox/`. */
const quickAttempts = [
  ...['read_file', 'list_folder', 'read_process_files', 'write_file', 'read_environment'],
  ...['spawn', 'connect', 'fetch', 'import_js', 'constructor_fetch', 'constructor_read', 'constructor_spawn'],
  ...[
    'constructor_import',
    'constructor_later',
    'load_binary_foreign',
    'load_binary_file',
    'web_socket',
    'mount_files',
  ],
] as const;

/** A request on its way arrives within this time, or it did not leave. */
const arrivalMs = 200;
const quickLimits = {
  ...{ startMs: 15_000, messageMs: () => 30_000, rowMs: null, memoryBytes: 1_073_741_824, outputBytes: 1_000_000 },
};

/** The attempts as a program; chance and clock are theirs, because the library they use may need them. */
export function escapeProgram(witness: EscapeWitness, limits: ScriptProgram['limits'] = quickLimits): ScriptProgram {
  return { source: witness.source, sample: [], seed: 0, allow: { clock: true, random: true }, limits };
}

const attemptAnswers = z.array(z.tuple([z.object({ text: z.string() })]));

/** Lets a script try; what it said, in the order of the attempts, then what came of what it left under way. */
export async function runAttempts(
  session: SandboxSession,
  attempts: readonly string[],
): Promise<string[] | ScriptStop> {
  const given = await session.transform(attempts.map(attemptRow), 0);
  await new Promise((resolve) => setTimeout(resolve, arrivalMs));
  if (given.kind === 'stopped') return given;
  const later = await session.transform([attemptRow('read_later')], attempts.length);
  if (later.kind === 'stopped') return later;
  return attemptAnswers.parse([...given.results, ...later.results]).map(([row]) => row.text);
}

async function attempt(sandbox: Sandbox, witness: EscapeWitness, signal?: AbortSignal): Promise<string[]> {
  const session = await sandbox.start(escapeProgram(witness), signal);
  if ('kind' in session) throw new Error(session.reason);
  try {
    const said = await runAttempts(session, ['compute', ...quickAttempts]);
    if ('kind' in said) throw new Error(said.reason);
    const [computed = '', ...answers] = said;
    if (computed !== 'computed 499500') throw new Error(`Python does not compute there: ${computed.slice(0, 200)}`);
    return answers;
  } finally {
    await session.close();
  }
}

/** Fit is only what holds: every wall is tried on this machine, now. `detail` says what the sandbox is made of. */
export async function tryToEscape(sandbox: Sandbox, detail: string, signal?: AbortSignal): Promise<Fitness> {
  const witness = await startEscapeWitness();
  try {
    const answers = await attempt(sandbox, witness, signal);
    const seen = witness.seen(answers);
    return seen.length === 0
      ? { isFit: true, detail }
      : { isFit: false, detail: `it does not hold: ${seen.join(', ')}` };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      isFit: false,
      detail: `it does not start: ${(error as Error).message.split('\n')[0]?.slice(0, 300) ?? ''}`,
    };
  } finally {
    await witness.close();
  }
}
