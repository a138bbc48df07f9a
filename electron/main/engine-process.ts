import type Electron from 'electron';
import type { ElectronParts, UtilityChild } from './electron-parts.ts';
import { nextRestartMs } from './restart-policy.ts';

/** Helper processes the engine asks main to fork: an engine inside a utility process cannot, and the fuses turn plain `fork` off. */
export const helperKinds = ['job-host', 'model'] as const;
export type HelperKind = (typeof helperKinds)[number];

/** What the engine's process posts to main. */
export type EngineNotice =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'start-failed'; readonly code: string; readonly message: string; readonly remedy: string }
  | { readonly kind: 'fork'; readonly id: number; readonly what: HelperKind }
  | { readonly kind: 'kill'; readonly id: number };

export interface EngineFiles {
  readonly engine: string;
  readonly helpers: Readonly<Record<HelperKind, string>>;
  /** Folder of python-env, resources, domains and the built window. */
  readonly appDirectory: string;
  readonly home: string;
  readonly version: string;
}

export type EngineState =
  | { readonly kind: 'starting' | 'running' }
  | { readonly kind: 'failed'; readonly message: string; readonly remedy: string }
  /** It ended too often to be started again by itself. */
  | { readonly kind: 'given-up' };

export interface EngineProcess {
  readonly state: EngineState;
  start(): void;
  /** Hands one end of a channel to the engine; the other end speaks the contract. */
  connect(port: Electron.MessagePortMain): void;
  /** After `given-up` or `failed`: from the beginning. */
  retry(): void;
  /** Asks the engine to leave; workers live on. Resolves when it is gone, at the latest after five seconds. */
  stop(): Promise<void>;
}

export interface EngineProcessOptions {
  readonly electron: Pick<ElectronParts, 'utilityProcess' | 'MessageChannelMain'>;
  readonly files: EngineFiles;
  readonly log: (line: string) => void;
  readonly onState: (state: EngineState) => void;
  readonly now: () => number;
  readonly wait: (milliseconds: number, then: () => void) => void;
}

const patienceMs = 5_000;

/** Supervises the engine: started once, again after a crash with growing waits, and given up when it ends too often. */
export function createEngineProcess(options: EngineProcessOptions): EngineProcess {
  const { electron, files, onState, now, wait } = options;
  let child: UtilityChild | null = null;
  let state: EngineState = { kind: 'starting' };
  let ends: number[] = [];
  let isLeaving = false;
  const helpers = createHelpers(options);

  const become = (next: EngineState): void => {
    state = next;
    onState(next);
  };
  const onExit = (): void => {
    child = null;
    helpers.killAll();
    // A start that failed for a reason the person has to mend would only fail again.
    if (isLeaving || state.kind === 'failed') return;
    ends = [...ends, now()];
    const waitMs = nextRestartMs(ends, now());
    if (waitMs === null) return become({ kind: 'given-up' });
    become({ kind: 'starting' });
    wait(waitMs, start);
  };
  const onNotice = (notice: EngineNotice): void => {
    if (notice.kind === 'listening') become({ kind: 'running' });
    else if (notice.kind === 'start-failed') become({ kind: 'failed', message: notice.message, remedy: notice.remedy });
    else if (notice.kind === 'fork') helpers.fork(notice, child);
    else helpers.kill(notice.id);
  };
  function start(): void {
    if (child !== null || isLeaving) return;
    const args = ['--home', files.home, '--app', files.appDirectory, '--app-version', files.version];
    child = electron.utilityProcess.fork(files.engine, args, { serviceName: 'Forge engine', stdio: 'pipe' });
    child.stderr?.on('data', (bytes: Buffer) => options.log(bytes.toString('utf8')));
    child.on('message', (notice: EngineNotice) => onNotice(notice));
    child.once('exit', onExit);
  }
  return {
    get state() {
      return state;
    },
    start,
    // Nobody would ever answer on it: a closed port lets the window ask again.
    connect: (port) => (child === null ? port.close() : child.postMessage({ kind: 'window' }, [port])),
    retry() {
      ends = [];
      become({ kind: 'starting' });
      start();
    },
    stop() {
      isLeaving = true;
      return leave(child, wait);
    },
  };
}

function leave(child: UtilityChild | null, wait: EngineProcessOptions['wait']): Promise<void> {
  return new Promise((resolve) => {
    if (child === null) return resolve();
    child.once('exit', () => resolve());
    child.postMessage({ kind: 'stop' });
    wait(patienceMs, () => {
      child.kill();
      resolve();
    });
  });
}

/** Forks what the engine asks for and joins both by a channel, so that their messages do not pass through main. */
function createHelpers({ electron, files }: EngineProcessOptions) {
  const running = new Map<number, UtilityChild>();
  return {
    fork({ id, what }: { readonly id: number; readonly what: HelperKind }, engine: UtilityChild | null): void {
      const helper = electron.utilityProcess.fork(files.helpers[what], [], {
        serviceName: `Forge ${what}`,
        stdio: 'pipe',
      });
      const { port1, port2 } = new electron.MessageChannelMain();
      running.set(id, helper);
      let lastWords = '';
      helper.stderr?.on('data', (bytes: Buffer) => (lastWords = bytes.toString('utf8').slice(-200)));
      helper.once('exit', (code) => {
        running.delete(id);
        engine?.postMessage({ kind: 'helper-ended', id, reason: `exit code ${code}: ${lastWords.trim()}` });
      });
      helper.postMessage({ kind: 'engine' }, [port1]);
      engine?.postMessage({ kind: 'helper', id, pid: helper.pid ?? null }, [port2]);
    },
    kill: (id: number) => void running.get(id)?.kill(),
    killAll(): void {
      for (const helper of running.values()) helper.kill();
      running.clear();
    },
  };
}
