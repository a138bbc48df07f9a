import type { LoginItem, ShellRequests } from '#contract/shell.ts';
import type { EngineWires } from '../connection/keep-connected.ts';

/** What surrounds the window. Two implementations: `electron-shell.ts` and `browser-shell.ts`. */
export interface ShellApi {
  readonly kind: 'desktop' | 'browser';
  /** `darwin`, `win32`, `linux`; decides how keys are written. */
  readonly platform: string;
  readonly version: string;
  readonly wires: EngineWires;
  /** False in a browser: files then come by drop or upload, and folders by typing their path. */
  readonly canPickPath: boolean;
  pickPath(request: ShellRequests['pickPath']): Promise<string | null>;
  /** The path of a file that was dropped or chosen; null where the page may not know it. */
  pathOfFile(file: File): string | null;
  /** Shows a file in the system's file manager; false where that cannot be done (copy its path instead). */
  reveal(path: string): Promise<boolean>;
  /** Opens an https page outside of Forge; anything else is refused. */
  openExternal(url: string): Promise<boolean>;
  /** Tells of the end of long work while the window is not looked at. */
  notify(request: ShellRequests['notify']): Promise<void>;
  copy(text: string): Promise<void>;
  loginItem(): Promise<LoginItem>;
  setLoginItem(openAtLogin: boolean): Promise<LoginItem>;
  setAppearance(appearance: {
    readonly theme: ShellRequests['appearance']['theme'];
    readonly language: string;
  }): Promise<void>;
  /** Puts the engine of this version in the place of another one; false when that did not end. Null where a page cannot do it. */
  readonly restartEngine: (() => Promise<boolean>) | null;
  onOpen(listener: (link: string) => void): () => void;
  onCommand(listener: (command: string) => void): () => void;
}
