import type { DesktopWindow, ElectronParts } from './electron-parts.ts';
import { guardContents, pagePreferences, type Guard } from './security.ts';
import { placeWindow, readWindowState, smallestWindow, writeWindowState } from './window-state.ts';
import type { SpokenLanguage } from './spoken-language.ts';

export interface MainWindowParts {
  readonly electron: Pick<ElectronParts, 'BrowserWindow' | 'dialog' | 'nativeTheme' | 'screen'>;
  readonly guard: Guard;
  readonly preload: string;
  /** Address of the window, without a place. */
  readonly address: string;
  readonly stateFile: string;
  readonly version: string;
  readonly language: Pick<SpokenLanguage, 'words'>;
  /** True once the app really ends: closing is then no longer hiding. */
  isQuitting(): boolean;
  readonly log: (line: string) => void;
}

export interface MainWindow {
  current(): DesktopWindow | null;
  /** Makes the window, or brings it up, at a place such as `#/runs`. */
  open(place?: string): void;
}

/** The one window. Closing hides it: jobs, server and tray go on. */
export function createMainWindow(parts: MainWindowParts): MainWindow {
  let window: DesktopWindow | null = null;
  const current = (): DesktopWindow | null => (window === null || window.isDestroyed() ? null : window);
  return {
    current,
    open(place) {
      const known = current();
      if (known === null) {
        window = makeWindow(parts, place ?? '');
        return;
      }
      if (known.isMinimized()) known.restore();
      known.show();
      known.focus();
      if (place !== undefined) known.webContents.send('forge:open', place);
    },
  };
}

function makeWindow(parts: MainWindowParts, place: string): DesktopWindow {
  const { electron, guard, stateFile } = parts;
  const remembered = readWindowState(stateFile);
  const workAreas = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new electron.BrowserWindow({
    ...placeWindow(remembered, workAreas),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Forge',
    // Shown when it has something to show; the colour is the page's own, so nothing flashes.
    show: false,
    backgroundColor: electron.nativeTheme.shouldUseDarkColors ? '#0f1115' : '#fbfbfc',
    webPreferences: { ...pagePreferences(parts.preload), additionalArguments: [`--forge-version=${parts.version}`] },
  });
  guardContents(window.webContents, guard);
  window.once('ready-to-show', () => {
    if (remembered?.isMaximized === true) window.maximize();
    window.show();
  });
  window.on('close', (event) => {
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
    if (parts.isQuitting()) return;
    event.preventDefault();
    window.hide();
  });
  offerReload(window, parts);
  void window.loadURL(`${parts.address}${place}`);
  return window;
}

/** A page that died takes nothing with it: the person learns that, and opens it again. */
function offerReload(window: DesktopWindow, { electron, address, language, log }: MainWindowParts): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    log(`the window's process ended: ${reason}`);
    const { words } = language;
    void electron.dialog
      .showMessageBox({
        type: 'warning',
        message: words.pageGone,
        detail: words.pageGoneDetail,
        buttons: [words.reload],
        noLink: true,
      })
      .then(() => (window.isDestroyed() ? undefined : window.loadURL(address)));
  });
}
