import type { ServerState } from '#contract/serving-state.ts';

type MenuWord =
  | 'about'
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'newModel'
  | 'settings'
  | 'edit'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'view'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'window'
  | 'minimize'
  | 'close';

/** What the system shows of Forge outside of its window: tray, menus, dialogs. The same words as inside. */
export interface DesktopWords {
  /** The menu of the application; Electron's own labels are English everywhere. */
  readonly menu: Readonly<Record<MenuWord, string>>;
  /** In place of what the engine says of a failure, which is English; null where it can stand as it is. */
  readonly whyInWindow: string | null;
  readonly noEngine: string;
  readonly states: Readonly<Record<ServerState, string>>;
  readonly startServer: string;
  readonly stopServer: string;
  readonly copyAddress: string;
  readonly copyKey: string;
  readonly switchTo: string;
  readonly newest: string;
  backTo(version: number): string;
  timeLeft(seconds: number): string;
  readonly pause: string;
  readonly resume: string;
  readonly openRun: string;
  readonly open: string;
  readonly startAtLogin: string;
  readonly quit: string;
  readonly quitTitle: string;
  quitDetail(name: string): string;
  readonly keepRunning: string;
  readonly pauseAndQuit: string;
  readonly cancel: string;
  readonly pageGone: string;
  readonly pageGoneDetail: string;
  readonly reload: string;
  readonly tryAgain: string;
  readonly notStarted: string;
  readonly engineNotStarted: string;
  readonly engineGivenUp: string;
  readonly engineGivenUpDetail: string;
}

function spoken(seconds: number, left: (time: string) => string): string {
  return left(seconds < 60 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);
}

const english: DesktopWords = {
  menu: {
    about: 'About Forge',
    services: 'Services',
    hide: 'Hide Forge',
    hideOthers: 'Hide others',
    unhide: 'Show all',
    quit: 'Quit Forge',
    newModel: 'New model',
    settings: 'Settings',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: 'View',
    resetZoom: 'Actual size',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    togglefullscreen: 'Full screen',
    window: 'Window',
    minimize: 'Minimise',
    close: 'Close window',
  },
  whyInWindow: null,
  noEngine: 'the engine does not answer',
  states: {
    stopped: 'server stopped',
    starting: 'server starting',
    serving: 'serving',
    busy: 'answering with',
    stopping: 'server stopping',
    failed: 'server failed',
  },
  startServer: 'Start server',
  stopServer: 'Stop server',
  copyAddress: 'Copy address',
  copyKey: 'Copy key',
  switchTo: 'Switch to',
  newest: 'Always the newest',
  backTo: (version) => `Back to v${version}`,
  timeLeft: (seconds) => spoken(seconds, (time) => `${time} left`),
  pause: 'Pause training',
  resume: 'Go on with training',
  openRun: 'Open the run',
  open: 'Open Forge',
  startAtLogin: 'Start at login',
  quit: 'Quit',
  quitTitle: 'Something is still running',
  quitDetail: (name) => `${name} is not done. It can go on in the tray, or be paused and go on at the next start.`,
  keepRunning: 'Keep running in the tray',
  pauseAndQuit: 'Pause and quit',
  cancel: 'Cancel',
  pageGone: 'The window of Forge has stopped',
  pageGoneDetail: 'Trainings and the server go on. Nothing was lost.',
  reload: 'Open the window again',
  tryAgain: 'Try again',
  notStarted: 'Forge did not start',
  engineNotStarted: 'The engine of Forge did not start',
  engineGivenUp: 'The engine of Forge ended six times in ten minutes',
  engineGivenUpDetail: 'Trainings that run go on. What it said last is in logs/engine.log.',
};

const german: DesktopWords = {
  menu: {
    about: 'Über Forge',
    services: 'Dienste',
    hide: 'Forge ausblenden',
    hideOthers: 'Andere ausblenden',
    unhide: 'Alle einblenden',
    quit: 'Forge beenden',
    newModel: 'Neues Modell',
    settings: 'Einstellungen',
    edit: 'Bearbeiten',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    selectAll: 'Alles auswählen',
    view: 'Ansicht',
    resetZoom: 'Originalgröße',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    togglefullscreen: 'Vollbild',
    window: 'Fenster',
    minimize: 'Minimieren',
    close: 'Fenster schließen',
  },
  whyInWindow: 'Warum, sagt das Fenster',
  noEngine: 'die Engine antwortet nicht',
  states: {
    stopped: 'Server aus',
    starting: 'Server startet',
    serving: 'bedient',
    busy: 'antwortet mit',
    stopping: 'Server hält an',
    failed: 'Server gescheitert',
  },
  startServer: 'Server starten',
  stopServer: 'Server anhalten',
  copyAddress: 'Adresse kopieren',
  copyKey: 'Schlüssel kopieren',
  switchTo: 'Wechseln zu',
  newest: 'Immer die neueste',
  backTo: (version) => `Zurück zu v${version}`,
  timeLeft: (seconds) => spoken(seconds, (time) => `noch ${time}`),
  pause: 'Training anhalten',
  resume: 'Training fortsetzen',
  openRun: 'Lauf öffnen',
  open: 'Forge öffnen',
  startAtLogin: 'Bei der Anmeldung starten',
  quit: 'Beenden',
  quitTitle: 'Es läuft noch etwas',
  quitDetail: (name) =>
    `${name} ist nicht fertig. Es kann in der Leiste weiterlaufen oder angehalten werden und beim nächsten Start weitergehen.`,
  keepRunning: 'In der Leiste weiterlaufen lassen',
  pauseAndQuit: 'Anhalten und beenden',
  cancel: 'Abbrechen',
  pageGone: 'Das Fenster von Forge ist stehen geblieben',
  pageGoneDetail: 'Trainings und der Server laufen weiter. Nichts ging verloren.',
  reload: 'Fenster wieder öffnen',
  tryAgain: 'Noch einmal versuchen',
  notStarted: 'Forge ist nicht gestartet',
  engineNotStarted: 'Die Engine von Forge ist nicht gestartet',
  engineGivenUp: 'Die Engine von Forge ging in zehn Minuten sechsmal zu Ende',
  engineGivenUpDetail: 'Laufende Trainings gehen weiter. Was sie zuletzt sagte, steht in logs/engine.log.',
};

/** By the system's language, or the person's own choice. */
export function desktopWords(language: string): DesktopWords {
  return language.toLowerCase().startsWith('de') ? german : english;
}
