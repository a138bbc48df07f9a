/** How an attempt is started: an argument array (never a shell line) and the whole environment. */
export interface AttemptCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the engine tells the job host. `run` is "<job>/<attempt>", `directory` the absolute attempt directory. */
export type HostCommand =
  | { readonly kind: 'start'; readonly run: string; readonly directory: string; readonly start: AttemptCommand }
  /** Take up an attempt that may live already: tail its events from byte `offset`, learn its end. Repeatable. */
  | { readonly kind: 'watch'; readonly run: string; readonly directory: string; readonly offset: number }
  /** One `events` message was taken in; lets the host read on. */
  | { readonly kind: 'acknowledge'; readonly run: string }
  | { readonly kind: 'terminate'; readonly run: string; readonly directory: string }
  | { readonly kind: 'kill'; readonly run: string; readonly directory: string }
  | {
      readonly kind: 'attach';
      readonly viewer: number;
      readonly run: string;
      readonly directory: string;
      readonly offset: number;
    }
  | { readonly kind: 'console-acknowledge'; readonly viewer: number; readonly bytes: number }
  | { readonly kind: 'detach'; readonly viewer: number }
  | { readonly kind: 'shutdown' };

/** One parsed line of `events.jsonl`. Only the envelope is promised; the engine parses the rest. */
export interface TailedEvent {
  readonly v: 1;
  readonly run: string;
  readonly seq: number;
  readonly t: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Lines that were not taken in, by reason. Counts are since the start of this tail. */
export interface TailLosses {
  /** Not JSON, or without the envelope. */
  readonly malformed: number;
  /** Longer than the limit. */
  readonly oversized: number;
  /** An unknown major version. */
  readonly refused: number;
  /** Half a line at the end of a dead run. */
  readonly torn: number;
}

/** How an attempt ended: read from exit.json, or seen on the terminal, or only its absence is known. */
export interface AttemptExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly source: 'exit-file' | 'terminal' | 'vanished';
}

/** What the job host tells the engine. */
export type HostMessage =
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'started'; readonly run: string; readonly pid: number }
  | { readonly kind: 'start-failed'; readonly run: string; readonly reason: string }
  /** Answer to `watch`: whether a process of the attempt lives. */
  | { readonly kind: 'watched'; readonly run: string; readonly alive: boolean }
  | {
      readonly kind: 'events';
      readonly run: string;
      readonly events: readonly TailedEvent[];
      /** Byte offset behind the last line of this message. */
      readonly nextOffset: number;
      readonly losses: TailLosses;
    }
  /** The last message of a run; every event was sent before it. */
  | { readonly kind: 'exited'; readonly run: string; readonly exit: AttemptExit; readonly consoleTail: string }
  | { readonly kind: 'console'; readonly viewer: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'console-skipped'; readonly viewer: number; readonly from: number; readonly to: number }
  | { readonly kind: 'console-ended'; readonly viewer: number };

/** One life of the job host process. */
export interface JobHostConnection {
  readonly pid: number;
  send(command: HostCommand): void;
  onMessage(listener: (message: HostMessage) => void): void;
  /** Each listener is called once when the process is gone, for whatever reason. */
  onExit(listener: () => void): void;
  /** Ends the process at once; workers live on. */
  kill(): void;
}

/** Starts the job host: a plain fork when headless, a utility process asked from Electron's main on the desktop. */
export interface JobHostStarter {
  start(): JobHostConnection;
}
