import {
  isStop,
  type Sandbox,
  type SandboxSession,
  type ScriptLimits,
  type ScriptStop,
} from '#core/foundry/scripts/sandbox.ts';
import { startEscapeWitness, type EscapeWitness } from '#native-bridge/sandbox/escape-witness.ts';
import { escapeProgram, runAttempts } from '#native-bridge/sandbox/quick-escapes.ts';

/** One case of D-30. Without `stops` the script goes on afterwards: then only the witnesses decide. */
export interface EscapeCase {
  readonly attempt: string;
  readonly about: string;
  /** What must have stopped the script. */
  readonly stops?: readonly ScriptStop['why'][];
  /** Only the time ends it. */
  readonly isEndless?: boolean;
}

export const escapeCases: readonly EscapeCase[] = [
  { attempt: 'read_file', about: 'reads a file of the host' },
  { attempt: 'list_folder', about: 'lists a folder of the host' },
  { attempt: 'read_process_files', about: 'reads the process files and the accounts of the host' },
  { attempt: 'write_file', about: 'writes a file of the host' },
  { attempt: 'read_environment', about: 'reads the environment' },
  { attempt: 'spawn', about: 'starts a program' },
  { attempt: 'system', about: 'asks a shell to start a program' },
  { attempt: 'fork', about: 'forks' },
  { attempt: 'replace_process', about: 'becomes another program' },
  { attempt: 'call_library', about: 'calls the C library' },
  { attempt: 'connect', about: 'opens a socket (in Pyodide one made of a WebSocket)' },
  { attempt: 'connect_datagram', about: 'sends a datagram' },
  { attempt: 'fetch', about: 'fetches with urllib' },
  { attempt: 'open_url', about: 'fetches with pyodide.http' },
  { attempt: 'import_js', about: 'imports js' },
  { attempt: 'constructor_fetch', about: 'makes a function of text that fetches' },
  { attempt: 'constructor_import', about: 'makes a function of text that imports from the network' },
  { attempt: 'constructor_socket', about: 'makes a function of text that opens a WebSocket' },
  { attempt: 'constructor_read', about: 'makes a function of text that reads files and environment' },
  { attempt: 'constructor_later', about: 'makes functions of text that read a file in their own time' },
  { attempt: 'constructor_spawn', about: 'makes a function of text that starts a program' },
  { attempt: 'constructor_worker', about: 'makes a worker that fetches' },
  { attempt: 'load_binary_foreign', about: 'loadBinaryFile of a foreign origin' },
  { attempt: 'load_binary_own', about: 'loadBinaryFile of its own origin' },
  { attempt: 'load_binary_file', about: 'loadBinaryFile of a file' },
  { attempt: 'load_package', about: 'loads a package from the network' },
  { attempt: 'web_socket', about: 'opens a WebSocket through js' },
  { attempt: 'mount_files', about: 'mounts a folder of the host' },
  { attempt: 'signal_everyone', about: 'ends other processes' },
  { attempt: 'write_everywhere', about: 'writes to every open descriptor' },
  { attempt: 'loop_endlessly', about: 'loops for ever', stops: ['time'], isEndless: true },
  {
    ...{ attempt: 'loop_stubbornly', about: 'loops for ever and swallows what interrupts it', stops: ['time'] },
    isEndless: true,
  },
  { attempt: 'allocate', about: 'allocates 4 GB', stops: ['memory', 'crash'] },
  { attempt: 'print_much', about: 'prints 1 GB', stops: ['output'] },
  { attempt: 'answer_much', about: 'gives back more than a message may carry', stops: ['output', 'memory'] },
  { attempt: 'leave', about: 'ends its process', stops: ['crash'] },
];

/** Enough for a case that goes on, on a machine that is busy. */
const patientMs = 20_000;
/** A script that never ends is waited for this long, and once more to find its row. */
const endlessMs = 1_000;

/** Tight where the limit itself is tried, so that the suite is quick; 1 GiB of memory is the limit of the product. The row is looked for where it is asked. */
function suiteLimits(current: () => EscapeCase | null): ScriptLimits {
  const waitMs = (): number => (current()?.isEndless === true ? endlessMs : patientMs);
  return {
    ...{ startMs: patientMs, messageMs: waitMs, memoryBytes: 1_073_741_824, outputBytes: 16_000_000 },
    get rowMs() {
      return current()?.stops === undefined ? null : waitMs();
    },
  };
}

interface Trial {
  readonly witness: EscapeWitness;
  readonly session: SandboxSession;
}

/** The cases one after the other. A sandbox that survives a case takes the next one too: Pyodide needs seconds to come up. */
export interface EscapeSuite {
  /** What went wrong; empty when the sandbox held. */
  run(one: EscapeCase): Promise<string[]>;
  close(): Promise<void>;
}

export function createEscapeSuite(sandbox: Sandbox): EscapeSuite {
  let trial: Trial | null = null;
  let current: EscapeCase | null = null;

  async function begin(): Promise<Trial | string> {
    const witness = await startEscapeWitness();
    const session = await sandbox.start(
      escapeProgram(
        witness,
        suiteLimits(() => current),
      ),
    );
    if (!isStop(session)) return { witness, session };
    await witness.close();
    return `it did not start: ${session.reason}`;
  }

  async function close(): Promise<void> {
    await trial?.session.close();
    await trial?.witness.close();
    trial = null;
  }

  return {
    close,
    async run(one) {
      const begun = trial ?? (await begin());
      if (typeof begun === 'string') return [begun];
      trial = begun;
      current = one;
      // A row before it: the one that went wrong must be named.
      const said = await runAttempts(begun.session, ['compute', one.attempt]);
      const [stop, answers] = 'kind' in said ? [said, []] : [null, said];
      const found = [...begun.witness.seen(answers), ...wrongStop(one, stop, answers)];
      if (stop !== null || found.length > 0) await close();
      return found;
    },
  };
}

function wrongStop({ stops }: EscapeCase, stop: ScriptStop | null, answers: readonly string[]): string[] {
  if (stops === undefined) return [];
  if (stop === null) return [`nothing stopped it: ${answers[1]?.slice(0, 200) ?? ''}`];
  const isOther = !stops.includes(stop.why);
  return [
    ...(isOther ? [`${stop.why}: ${stop.reason}`] : []),
    ...(stop.row === 1 ? [] : [`row ${stop.row} was named, not 1`]),
  ];
}

/** One case in a sandbox of its own. */
export async function runEscapeCase(sandbox: Sandbox, one: EscapeCase): Promise<string[]> {
  const suite = createEscapeSuite(sandbox);
  try {
    return await suite.run(one);
  } finally {
    await suite.close();
  }
}
