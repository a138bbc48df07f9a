import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type Electron from 'electron';
import type { ElectronParts } from './electron-parts.ts';
import { appAddress, registerAppScheme, serveApp } from './app-protocol.ts';
import { adoptOrStart } from './adopted-engine.ts';
import { applicationMenu } from './application-menu.ts';
import { linkScheme, linkToPlace, placeOfArguments } from './deep-link.ts';
import { createEngineFollower, type EngineFollower, type EngineSight } from './engine-client.ts';
import { createEngineProcess, type EngineFiles, type EngineState } from './engine-process.ts';
import { atLoginArgument, createLoginItems } from './login-item.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import { brokerPorts } from './port-broker.ts';
import { askBeforeQuit } from './quitting.ts';
import { holdPages } from './sandbox-pages.ts';
import { denyPermissions, type Guard } from './security.ts';
import { answerShellRequests } from './shell-requests.ts';
import { createSpokenLanguage, type SpokenLanguage } from './spoken-language.ts';
import { runTrayCommand } from './tray-commands.ts';
import type { TrayPicture } from './tray-menu.ts';
import { createTray } from './tray.ts';
import type { DesktopWords } from './words.ts';

export interface DesktopPlaces {
  readonly files: EngineFiles;
  readonly preload: string;
  /** Folder of the built window. */
  readonly windowFolder: string;
  /** Folder of the tray's pictures. */
  readonly trayFolder: string;
}

export interface DesktopSurroundings {
  readonly platform: string;
  readonly executable: string;
  readonly configurationFolder: string;
  readonly arguments: readonly string[];
  readonly language: string;
  readonly log: (line: string) => void;
  readonly now: () => number;
  readonly wait: (milliseconds: number, then: () => void) => void;
}

/**
 * The desktop shell: window, tray, menus, and the engine it starts. It holds no rule of the product and relays no data: the window
 * gets a wire of its own to the engine. Call it before the app is ready.
 */
export async function startDesktop(
  electron: ElectronParts,
  places: DesktopPlaces,
  surroundings: DesktopSurroundings,
): Promise<void> {
  const { app } = electron;
  app.enableSandbox();
  registerAppScheme(electron.protocol);
  // A second start only hands its link to the first one.
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.setAsDefaultProtocolClient(linkScheme);
  const opened: string[] = [];
  app.on('open-url', (event, url) => {
    event.preventDefault();
    opened.push(url);
  });
  await app.whenReady();
  denyPermissions(electron.session.defaultSession);
  await serveApp(electron.protocol, places.windowFolder);
  runDesktop(electron, places, { ...surroundings, opened });
}

type RunningSurroundings = DesktopSurroundings & { readonly opened: readonly string[] };

function runDesktop(electron: ElectronParts, places: DesktopPlaces, surroundings: RunningSurroundings): void {
  const userData = electron.app.getPath('userData');
  const language = createSpokenLanguage(path.join(userData, 'language.json'), surroundings.language);
  const loginItems = createLoginItems(electron.app, surroundings);
  const life = { isQuitting: false };
  const { engine, follower, onSight } = superviseEngine(electron, places, { ...surroundings, spoken: language });
  const guard: Guard = { isOwn: (url) => url.startsWith(appAddress), shell: electron.shell };
  const window = createMainWindow({
    ...{ electron, guard, language, preload: places.preload, address: appAddress },
    stateFile: path.join(userData, 'window.json'),
    version: electron.app.getVersion(),
    isQuitting: () => life.isQuitting,
    log: surroundings.log,
  });
  const quit = async (): Promise<void> => {
    const choice = await askBeforeQuit(electron.dialog, follower.sight.running, language.words);
    if (choice === 'stay') return;
    if (choice === 'pause-and-quit') await pauseRunning(follower);
    life.isQuitting = true;
    tray.dispose();
    await engine.stop();
    electron.app.exit(0);
  };
  const tray = createTray({
    electron,
    picture: (name) => trayFile(places.trayFolder, name, surroundings.platform),
    onCommand: (command) =>
      runTrayCommand(command, {
        clipboard: electron.clipboard,
        loginItems,
        client: () => follower.client,
        open: (place) => window.open(place),
        quit: () => void quit(),
        newRequestId: () => randomUUID(),
        onFailure: (error) => surroundings.log(`a command of the tray failed: ${String(error)}`),
      }),
  });
  const showTray = (): void =>
    tray.show({ ...follower.sight, openAtLogin: loginItems.read().openAtLogin, words: language.words });
  onSight(showTray);
  language.onChange(showTray);
  brokerPorts({ electron, engine, guard, window: window.current });
  answerShellRequests({
    electron,
    guard,
    loginItems,
    language,
    window: window.current,
    open: window.open,
    restartEngine: () => engine.replaceAdopted(),
  });
  keepMenu(electron.Menu, language, (words) => applicationMenu(surroundings.platform, words, window.current));
  listenToApp(electron.app, { window, quit, isQuitting: () => life.isQuitting });
  engine.start();
  const place = placeOfArguments([...surroundings.arguments, ...surroundings.opened]);
  if (!surroundings.arguments.includes(atLoginArgument)) window.open(place ?? undefined);
}

/** The menu, made anew when the language changes. */
function keepMenu(
  menu: ElectronParts['Menu'],
  language: SpokenLanguage,
  template: (words: DesktopWords) => Electron.MenuItemConstructorOptions[],
): void {
  const show = (): void => menu.setApplicationMenu(menu.buildFromTemplate(template(language.words)));
  language.onChange(show);
  show();
}

/** The engine's process, and main's own sight of it, which is lost and found with it. */
function superviseEngine(
  electron: ElectronParts,
  { files }: DesktopPlaces,
  { spoken, log, now, wait }: DesktopSurroundings & { readonly spoken: SpokenLanguage },
) {
  let tell = (_sight: EngineSight): void => undefined;
  const follower = createEngineFollower({
    onChange: (sight) => tell(sight),
    onLanguage: spoken.choose,
    onEngine: (client, signal) => holdPages({ electron, client, signal, log }),
  });
  const own = createEngineProcess({
    electron,
    files,
    log,
    onState(state) {
      log(`engine: ${state.kind}`);
      if (state.kind === 'running') return followEngine();
      follower.lose();
      if (state.kind !== 'starting')
        void offerRetry(electron.dialog, spoken.words, { state, retry: () => engine.retry() });
    },
    now,
    wait,
  });
  const engine = adoptOrStart(own, {
    home: files.home,
    onAdopted: () => followEngine(),
    // Until the own one listens the tray must not show what the lost one served.
    onLost: () => follower.lose(),
  });
  const followEngine = (): void => {
    const { port1, port2 } = new electron.MessageChannelMain();
    engine.connect(port1);
    follower.follow(port2, electron.app.getVersion()).catch((error: unknown) => {
      log(`the tray lost the engine: ${String(error)}`);
    });
  };
  const onSight = (listener: (sight: EngineSight) => void): void => {
    tell = listener;
    listener(follower.sight);
  };
  return { engine, follower, onSight };
}

interface AppListeners {
  readonly window: MainWindow;
  readonly quit: () => Promise<void>;
  readonly isQuitting: () => boolean;
}

function listenToApp(app: ElectronParts['app'], { window, quit, isQuitting }: AppListeners): void {
  app.on('second-instance', (_event, words) => window.open(placeOfArguments(words) ?? undefined));
  app.on('activate', () => window.open());
  app.on('open-url', (_event, url) => window.open(linkToPlace(url) ?? undefined));
  // The tray keeps Forge alive; only quitting ends it.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (isQuitting()) return;
    event.preventDefault();
    void quit();
  });
}

/** An engine that cannot start is the person's to mend: what happened, what to do, and the try after it. */
async function offerRetry(
  dialog: ElectronParts['dialog'],
  words: DesktopWords,
  { state, retry }: { readonly state: EngineState; readonly retry: () => void },
): Promise<void> {
  const [message, detail] =
    state.kind === 'failed'
      ? [words.engineNotStarted, `${state.message}\n\n${state.remedy}`]
      : [words.engineGivenUp, words.engineGivenUpDetail];
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message,
    detail,
    buttons: [words.tryAgain, words.cancel],
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) retry();
}

async function pauseRunning(follower: EngineFollower): Promise<void> {
  const job = follower.sight.running?.steps.find(({ state }) => state === 'running')?.job;
  if (job != null) await follower.client?.jobs.pause({ job, requestId: randomUUID() });
}

function trayFile(folder: string, name: TrayPicture, platform: string): string {
  // macOS colours template images itself, by the name's end.
  return path.join(folder, platform === 'darwin' ? `${name}Template.png` : `${name}.png`);
}
