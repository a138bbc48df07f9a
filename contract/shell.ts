import { z } from 'zod';

/** The setting `appearance.language`. */
export const languageChoice = z.enum(['system', 'en', 'de']).catch('system');
export type LanguageChoice = z.infer<typeof languageChoice>;

/**
 * What a window asks of the system around it, in both shapes it can live in: the desktop shell and a browser. It is the second, tiny
 * contract (docs/architecture.md): nothing of Forge's own goes over it, only what a page cannot do by itself.
 */
export const shellRequests = {
  pickPath: z.object({
    kind: z.enum(['file', 'folder', 'save']),
    title: z.string().max(200),
    suggested: z.string().max(4096).nullable(),
  }),
  reveal: z.object({ path: z.string().min(1).max(4096) }),
  openExternal: z.object({ url: z.string().min(1).max(2048) }),
  notify: z.object({ title: z.string().max(120), body: z.string().max(400), link: z.string().max(300).nullable() }),
  copy: z.object({ text: z.string().max(1_000_000) }),
  setLoginItem: z.object({ openAtLogin: z.boolean() }),
  /** How the system's own parts look and speak: title bar, tray, menus, dialogs. */
  appearance: z.object({ theme: z.enum(['system', 'dark', 'light', 'contrast']), language: languageChoice }),
} as const;
export type ShellRequests = { readonly [K in keyof typeof shellRequests]: z.infer<(typeof shellRequests)[K]> };

/** The login item as the system has it; null where the system has none that Forge knows. */
export const loginItem = z.object({ openAtLogin: z.boolean(), canChange: z.boolean(), reason: z.string().nullable() });
export type LoginItem = z.infer<typeof loginItem>;

/** What the preload puts on the page as `window.forgeShell`: named functions, never the channel itself. */
export interface PreloadApi {
  readonly version: string;
  readonly platform: string;
  /** Asks for a wire to the engine; the port arrives as a `message` event on the window, `{ kind: 'forge-engine-port', nonce }`, with one port. */
  requestEnginePort(nonce: string): void;
  pickPath(request: ShellRequests['pickPath']): Promise<string | null>;
  /** Path of a dropped or chosen file; empty when it is not a file of the disk. */
  pathOfFile(file: unknown): string;
  reveal(request: ShellRequests['reveal']): Promise<boolean>;
  openExternal(request: ShellRequests['openExternal']): Promise<boolean>;
  notify(request: ShellRequests['notify']): Promise<void>;
  copy(request: ShellRequests['copy']): Promise<void>;
  loginItem(): Promise<LoginItem>;
  setLoginItem(request: ShellRequests['setLoginItem']): Promise<LoginItem>;
  setAppearance(request: ShellRequests['appearance']): Promise<void>;
  /** Ends an engine of another version that was found running, and starts the shell's own; false when it did not end. */
  restartEngine(): Promise<boolean>;
  /** A deep link (`#/runs/x`) that the tray, a notification or a second start asked for. Returns how to stop listening. */
  onOpen(listener: (link: string) => void): () => void;
  /** Menu and tray commands by the id of the action in the window. */
  onCommand(listener: (command: string) => void): () => void;
}
