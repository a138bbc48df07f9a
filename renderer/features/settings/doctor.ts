import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ServingView } from '#contract/serving-state.ts';
import type { MachineData } from './machine-store.ts';
import { sentence } from '../../words/sentence.ts';
import { speakerNow } from '../../words/speaker.ts';

/** One thing that was looked at, as a word of `machine-words.ts` with its values. */
export interface DoctorFinding {
  readonly id: 'engine' | 'machine' | 'warning' | 'memory' | 'python' | 'disk' | 'server' | 'ollama';
  readonly state: 'fine' | 'warning' | 'problem';
  readonly word:
    | 'engineFine'
    | 'machineFine'
    | 'said'
    | 'memoryLow'
    | 'pythonReady'
    | 'pythonAbsent'
    | 'pythonIncomplete'
    | 'pythonNone'
    | 'diskFine'
    | 'diskLow'
    | 'diskFull'
    | 'serverOn'
    | 'serverOff'
    | 'serverFailed'
    | 'ollamaOn'
    | 'ollamaOld'
    | 'ollamaOff';
  /** Bytes are written out by the view. */
  readonly values: Readonly<Record<string, string | number>>;
  readonly bytes: number | null;
  /** Where the remedy is; null where nothing has to be done. */
  readonly to: string | null;
}

/** The smallest main job writes about 1 GB, its Python another 1 to 6 GB. The same bounds as `forge doctor`. */
export const comfortableBytes = 8_000_000_000;
export const neededBytes = 2_000_000_000;
/** Below it even the smallest base model hardly trains. */
const neededMemoryBytes = 1_500_000_000;

type Seen = Pick<MachineData, 'detected' | 'environments' | 'ollama' | 'status'>;

/** What is in order and what is not, the worst first; what has not been read yet is left out. */
export function doctorFindings(seen: Seen, serving: ServingView | null): readonly DoctorFinding[] {
  const findings = [
    ...engineFindings(seen),
    ...machineFindings(seen),
    ...pythonFindings(seen),
    ...serverFindings(serving),
    ...ollamaFindings(seen),
  ];
  const order = { problem: 0, warning: 1, fine: 2 };
  return findings.toSorted((one, other) => order[one.state] - order[other.state]);
}

type Part = Pick<DoctorFinding, 'id' | 'word'> & Partial<DoctorFinding>;

function finding(part: Part): DoctorFinding {
  return { state: 'fine', values: {}, bytes: null, to: null, ...part };
}

function engineFindings({ status }: Seen): readonly DoctorFinding[] {
  if (status === null) return [];
  return [finding({ id: 'engine', word: 'engineFine', values: { version: status.version, pid: status.pid } })];
}

function machineFindings({ detected }: Seen): readonly DoctorFinding[] {
  if (detected === null) return [];
  const { machine, finding: found } = detected;
  const { summary, reason, warnings, profile, memoryBytes } = found;
  const memory = finding({ id: 'memory', state: 'warning', word: 'memoryLow', bytes: memoryBytes });
  return [
    finding({ id: 'machine', word: 'machineFine', values: { summary: say(summary), profile, reason: say(reason) } }),
    ...warnings.map((text) =>
      finding({ id: 'warning', state: 'warning', word: 'said', values: { text: sentence(say(text)) } }),
    ),
    ...(memoryBytes < neededMemoryBytes ? [memory] : []),
    diskFinding(machine.disk.freeBytes),
  ];
}

function diskFinding(freeBytes: number): DoctorFinding {
  const part = { id: 'disk', bytes: freeBytes } as const;
  if (freeBytes >= comfortableBytes) return finding({ ...part, word: 'diskFine' });
  const to = '/settings/storage';
  return freeBytes < neededBytes
    ? finding({ ...part, state: 'problem', word: 'diskFull', to })
    : finding({ ...part, state: 'warning', word: 'diskLow', to });
}

function pythonFindings({ environments }: Seen): readonly DoctorFinding[] {
  if (environments === null) return [];
  const [chosen] = environments;
  if (chosen === undefined) return [finding({ id: 'python', state: 'problem', word: 'pythonNone' })];
  const { profile, state, estimate, python } = chosen;
  if (state === 'ready')
    return [finding({ id: 'python', word: 'pythonReady', values: { profile, version: python?.version ?? '' } })];
  const word = state === 'absent' ? 'pythonAbsent' : 'pythonIncomplete';
  const to = '/settings/environments';
  return [finding({ id: 'python', state: 'warning', word, values: { profile }, bytes: estimate.downloadBytes, to })];
}

function serverFindings(serving: ServingView | null): readonly DoctorFinding[] {
  if (serving === null) return [];
  if (serving.failure !== null)
    return [
      finding({ id: 'server', state: 'problem', word: 'serverFailed', values: said(serving.failure), to: '/server' }),
    ];
  if (!serving.running) return [finding({ id: 'server', word: 'serverOff' })];
  return [finding({ id: 'server', word: 'serverOn', values: { url: serving.url ?? '' } })];
}

const said = (failure: ForgeErrorData): DoctorFinding['values'] => ({ text: speakerNow().failure(failure).message });

const say = (text: string): string => speakerNow().say(text);

/** Nothing in Forge needs Ollama, so its absence is no warning. */
function ollamaFindings({ ollama }: Seen): readonly DoctorFinding[] {
  if (ollama === null) return [];
  switch (ollama.state) {
    case 'running':
      return [finding({ id: 'ollama', word: 'ollamaOn', values: { version: ollama.version } })];
    case 'too-old':
      return [
        finding({
          id: 'ollama',
          state: 'warning',
          word: 'ollamaOld',
          values: { version: ollama.version, minimum: ollama.minimum },
        }),
      ];
    case 'absent':
      return [finding({ id: 'ollama', word: 'ollamaOff' })];
  }
}
