/** A message port as Electron's utility processes have it; Electron's own typings belong to `electron/`. */
export interface DesktopPort {
  postMessage(message: unknown): void;
  /** `message` with the event, `close` without one. */
  on(event: string, listener: (event?: DesktopMessage) => void): unknown;
  start(): void;
  close(): void;
}

export interface DesktopMessage {
  readonly data: unknown;
  readonly ports: readonly DesktopPort[];
}

/** The wire from a utility process to Electron's main. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: DesktopMessage) => void): unknown;
}

/** Electron puts it on `process`; anywhere else there is none. */
export function parentPort(): ParentPort {
  const { parentPort: port } = process as { readonly parentPort?: ParentPort };
  if (port === undefined) throw new Error('This entry runs in a utility process of Electron only.');
  return port;
}

/** The `kind` of a message of main, or null for what is none. */
export function kindOf(data: unknown): string | null {
  return typeof data === 'object' && data !== null && 'kind' in data && typeof data.kind === 'string'
    ? data.kind
    : null;
}
