import type { MainJobView } from '#contract/main-job.ts';
import type { ServedFamily, ServingView } from '#contract/serving-state.ts';
import { shownModel } from '#contract/shown-model.ts';
import type { DesktopWords } from './words.ts';

/** What a click in the tray asks for. */
export type TrayCommand =
  | { readonly kind: 'start-server' | 'stop-server' | 'copy-address' | 'copy-key' | 'open' | 'quit' }
  | { readonly kind: 'choose-version'; readonly name: string; readonly version: number | null }
  | { readonly kind: 'pause-training' | 'resume-training'; readonly job: string }
  | { readonly kind: 'open-place'; readonly place: string }
  | { readonly kind: 'login-item'; readonly openAtLogin: boolean };

export interface TrayItem {
  readonly label: string;
  readonly command?: TrayCommand;
  readonly isDisabled?: boolean;
  /** Null where it is no choice. */
  readonly isChecked?: boolean;
  readonly items?: readonly TrayItem[];
}

export type TrayEntry = TrayItem | 'line';

export interface TrayState {
  /** Null while the engine does not answer. */
  readonly serving: ServingView | null;
  readonly running: MainJobView | null;
  /** The training job of `running` is paused. */
  readonly isPaused: boolean;
  /** Null where the system has no login item. */
  readonly openAtLogin: boolean | null;
  readonly words: DesktopWords;
}

/** Of the picture in the tray; also its tooltip's first word. */
export type TrayPicture = 'stopped' | 'starting' | 'serving' | 'busy' | 'failed';

export function trayPicture(serving: ServingView | null): TrayPicture {
  if (serving === null) return 'stopped';
  return serving.state === 'stopping' ? 'starting' : serving.state;
}

/** The same words as in the window: "Forge · serving support:v3". */
export function trayTitle({ serving, words }: Pick<TrayState, 'serving' | 'words'>): string {
  if (serving === null) return `Forge · ${words.noEngine}`;
  const model = shownModel(serving);
  const withModel = model !== null && (serving.state === 'serving' || serving.state === 'busy');
  return `Forge · ${words.states[serving.state]}${withModel ? ` ${model}` : ''}`;
}

/** The whole menu, from the top. */
export function trayMenu(state: TrayState): readonly TrayEntry[] {
  const { serving, openAtLogin, words } = state;
  return [
    { label: trayTitle(state), isDisabled: true },
    ...(serving === null ? [] : serverItems(serving, words)),
    ...trainingItems(state),
    'line',
    { label: words.open, command: { kind: 'open' } },
    ...(openAtLogin === null
      ? []
      : [
          {
            label: words.startAtLogin,
            isChecked: openAtLogin,
            command: { kind: 'login-item', openAtLogin: !openAtLogin } as const,
          },
        ]),
    'line',
    { label: words.quit, command: { kind: 'quit' } },
  ];
}

function serverItems(serving: ServingView, words: DesktopWords): TrayEntry[] {
  const isMoving = serving.state === 'starting' || serving.state === 'stopping';
  const toggle: TrayItem = serving.running
    ? { label: words.stopServer, command: { kind: 'stop-server' }, isDisabled: isMoving }
    : { label: words.startServer, command: { kind: 'start-server' }, isDisabled: isMoving };
  const why: TrayItem[] =
    serving.failure === null
      ? []
      : [{ label: words.whyInWindow ?? serving.failure.message, command: { kind: 'open-place', place: '#/server' } }];
  return [
    ...why,
    toggle,
    { label: words.copyAddress, command: { kind: 'copy-address' }, isDisabled: serving.url === null },
    { label: words.copyKey, command: { kind: 'copy-key' } },
    ...switchItems(serving.families, words),
  ];
}

/** Models with their versions; the way back to the version before is the first thing in each. */
function switchItems(families: readonly ServedFamily[], words: DesktopWords): TrayEntry[] {
  if (families.length === 0) return [];
  const items = families.map(({ name, current, pinned, previous, versions }) => ({
    label: `${name}:v${current}`,
    items: [
      ...(previous === null
        ? []
        : [
            {
              label: words.backTo(previous),
              command: { kind: 'choose-version', name, version: previous } as const,
            },
          ]),
      { label: words.newest, isChecked: !pinned, command: { kind: 'choose-version', name, version: null } as const },
      ...versions.map((version) => ({
        label: `v${version}`,
        isChecked: pinned && version === current,
        command: { kind: 'choose-version', name, version } as const,
      })),
    ],
  }));
  return [{ label: words.switchTo, items }];
}

function trainingItems({ running, isPaused, words }: TrayState): TrayEntry[] {
  if (running === null) return [];
  const step = running.steps.find(({ state }) => state === 'running');
  const share = step?.fraction == null ? '' : `: ${Math.round(step.fraction * 100)} %`;
  const left = step?.etaSeconds == null ? '' : `, ${words.timeLeft(step.etaSeconds)}`;
  const job = step?.job ?? null;
  const pause: TrayItem[] =
    job === null || step?.step !== 'train'
      ? []
      : isPaused
        ? [{ label: words.resume, command: { kind: 'resume-training', job } }]
        : [{ label: words.pause, command: { kind: 'pause-training', job } }];
  const openRun: TrayItem = {
    label: words.openRun,
    command: { kind: 'open-place', place: `#/runs/${encodeURIComponent(running.id)}` },
  };
  return ['line', { label: `${running.name}:v${running.version}${share}${left}`, items: [...pause, openRun] }];
}
