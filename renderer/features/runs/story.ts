import { formatBytes, formatDuration, formatFigure } from '../../words/format.ts';
import type { Intervention, RunEntry } from './run-recorder.ts';
import type { RunTone } from './selectors.ts';
import type { RunsWords } from './runs-words.ts';
import { speakerNow } from '../../words/speaker.ts';

export type StoryKind =
  'kindIntervention' | 'kindWarning' | 'kindCheckpoint' | 'kindLog' | 'kindStart' | 'kindEnd' | 'kindUnknown';

/** One line of the story as a person reads it. */
export interface StoryLine {
  readonly kind: StoryKind;
  readonly tone: RunTone;
  readonly text: string;
}

const actionWords = {
  'skip-step': 'actionSkipStep',
  'roll-back': 'actionRollBack',
  'lower-learning-rate': 'actionLowerRate',
  'halve-batch': 'actionHalveBatch',
  'checkpointing-on': 'actionCheckpointing',
  shorten: 'actionShorten',
  'four-bit': 'actionFourBit',
  'precision-up': 'actionPrecisionUp',
  'lower-rank': 'actionLowerRank',
  'loader-restart': 'actionLoaderRestart',
} as const;

/** What Forge changed to keep the run going, why, and from what to what. */
export function interventionText(
  { action, reason, before, after }: Pick<Intervention, 'action' | 'reason' | 'before' | 'after'>,
  words: RunsWords,
): string {
  const word = actionWords[action as keyof typeof actionWords];
  const spoken = word === undefined ? action : words(word);
  const change = changeText(before, after);
  const told = speakerNow().say(reason).replace(/\.$/, '');
  if (change === '') return words('eventIntervention', { action: spoken, reason: told });
  return words('eventInterventionChange', { action: spoken, reason: told, change });
}

/** `micro batch size 8 → 4`; the step, which stands beside it anyway, is left out. */
export function changeText(before: unknown, after: unknown): string {
  if (!isRecord(before) || !isRecord(after)) return '';
  return Object.keys(after)
    .filter((key) => key !== 'step' && before[key] !== after[key])
    .map((key) => `${speakerNow().say(spokenName(key))} ${shownValue(before[key])} → ${shownValue(after[key])}`)
    .join(', ');
}

export function storyLine(entry: RunEntry, words: RunsWords): StoryLine {
  if (!entry.known) return { kind: 'kindUnknown', tone: 'neutral', text: rawText(entry.event, words) };
  const { event } = entry;
  switch (event.type) {
    case 'hello':
      return { kind: 'kindStart', tone: 'info', text: words('eventHello', { device: event.device.name }) };
    case 'measured':
      return { kind: 'kindStart', tone: 'info', text: measuredText(event, words) };
    case 'checkpoint':
      return { kind: 'kindCheckpoint', tone: event.best ? 'good' : 'neutral', text: checkpointText(event, words) };
    case 'intervention':
      return { kind: 'kindIntervention', tone: 'warn', text: interventionText(event, words) };
    case 'warning':
      return { kind: 'kindWarning', tone: 'warn', text: speakerNow().say(event.text) };
    case 'log':
      return {
        kind: 'kindLog',
        tone: event.level === 'error' ? 'bad' : event.level === 'warning' ? 'warn' : 'neutral',
        text: speakerNow().say(event.text),
      };
    case 'done':
      return { kind: 'kindEnd', tone: 'good', text: words('eventDone', { reason: speakerNow().say(event.reason) }) };
    case 'failed':
      return {
        kind: 'kindEnd',
        tone: 'bad',
        text: words('eventFailed', { message: speakerNow().say(event.message), hint: speakerNow().say(event.hint) }),
      };
    default:
      return { kind: 'kindUnknown', tone: 'neutral', text: rawText(event, words) };
  }
}

type KnownOf<T extends string> = Extract<Extract<RunEntry, { known: true }>['event'], { type: T }>;

function measuredText(
  { secondsPerStep, peakMemoryBytes, forecastSeconds }: KnownOf<'measured'>,
  words: RunsWords,
): string {
  return words('eventMeasured', {
    seconds: `${formatFigure(secondsPerStep, 2)}\u00A0s`,
    memory: formatBytes(peakMemoryBytes),
    forecast: formatDuration(forecastSeconds),
  });
}

function checkpointText({ best, bytes, validationLoss }: KnownOf<'checkpoint'>, words: RunsWords): string {
  const size = formatBytes(bytes);
  if (!best || validationLoss === null) return words('eventCheckpoint', { size });
  return words('eventCheckpointBest', { size, loss: formatFigure(validationLoss) });
}

const longestRaw = 300;

/** `microBatchSize` as a person reads it. */
export function spokenName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** An event of a kind this version does not know, as it came but not without end. */
function rawText(event: { readonly type: string }, words: RunsWords): string {
  const text = JSON.stringify(event);
  return words('eventUnknown', {
    type: event.type,
    text: text.length > longestRaw ? `${text.slice(0, longestRaw)} …` : text,
  });
}

function shownValue(value: unknown): string {
  if (typeof value === 'number') return formatFigure(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
