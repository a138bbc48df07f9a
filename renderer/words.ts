import type { JobState, WorkerKind } from '#contract/jobs.ts';

export type Tone = 'busy' | 'good' | 'bad' | 'warn' | 'still';

const kindWords: Record<WorkerKind, string> = {
  probe: 'Machine check',
  'prepare-base': 'Base model',
  train: 'Training',
  export: 'Export',
  quantise: 'Quantising',
  parity: 'Check of the served file',
};

const stateWords: Record<JobState, { word: string; tone: Tone }> = {
  queued: { word: 'waiting', tone: 'still' },
  preparing: { word: 'getting ready', tone: 'busy' },
  running: { word: 'running', tone: 'busy' },
  pausing: { word: 'pausing', tone: 'busy' },
  paused: { word: 'paused', tone: 'still' },
  stopping: { word: 'stopping', tone: 'busy' },
  finishing: { word: 'finishing', tone: 'busy' },
  interrupted: { word: 'interrupted', tone: 'warn' },
  succeeded: { word: 'done', tone: 'good' },
  failed: { word: 'failed', tone: 'bad' },
  cancelled: { word: 'cancelled', tone: 'still' },
};

/** What a kind of work is called; one that a newer engine knows is shown by its own name. */
export function wordForKind(kind: string): string {
  return (kindWords as Partial<Record<string, string>>)[kind] ?? kind;
}

export function wordForState(state: string): { word: string; tone: Tone } {
  return (stateWords as Partial<Record<string, { word: string; tone: Tone }>>)[state] ?? { word: state, tone: 'still' };
}

/** `about 3 minutes`, `42 s`, `about 2 hours`; seconds below a minute and a half, because then they are watched. */
export function spokenDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `about ${hours} hours` : `about ${Math.round(hours / 24)} days`;
}

/** `just now`, `4 min ago`, `3 h ago`, `2 days ago`. Times are milliseconds since 1970. */
export function spokenAge(atMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

/** A loss with three significant digits: enough to see it move, no false ones. */
export function lossText(value: number): string {
  return Math.abs(value) >= 1000 ? value.toExponential(2) : value.toPrecision(3);
}

/** `Loading the base model` from `loading-base-model` or `loadingBaseModel`. */
export function phaseText(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
