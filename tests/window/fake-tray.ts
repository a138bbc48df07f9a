import { randomUUID } from 'node:crypto';
import type { ForgeClient } from '#contract/client.ts';
import { createTray } from '../../electron/main/tray.ts';
import { runTrayCommand, type TrayCommandParts } from '../../electron/main/tray-commands.ts';
import { desktopWords } from '../../electron/main/words.ts';

/** What Electron's menu would show and do. */
interface ShownItem {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly submenu?: readonly ShownItem[];
  readonly click?: () => void;
}

export interface FakeTray {
  /** What one reads on pointing at it: "Forge · server stopped". */
  title(): string;
  /** Opens submenus by their label and presses the last one. @throws Error when there is no such item, or it cannot be pressed */
  press(...labels: readonly string[]): void;
  /** What a failed command said. */
  readonly failures: readonly unknown[];
  close(): Promise<void>;
}

/** The tray of the desktop, with all of its own code, over an Electron that only remembers; it follows the engine through this client. */
export function openFakeTray(client: ForgeClient): FakeTray {
  let title = '';
  let menu: readonly ShownItem[] = [];
  const failures: unknown[] = [];
  class RememberedTray {
    on(): void {
      return undefined;
    }
    setImage(): void {
      return undefined;
    }
    setToolTip(text: string): void {
      title = text;
    }
    setContextMenu({ template }: { template: readonly ShownItem[] }): void {
      menu = template;
    }
    destroy(): void {
      return undefined;
    }
  }
  const electron = {
    Tray: RememberedTray,
    Menu: { buildFromTemplate: (template: readonly ShownItem[]) => ({ template }) },
  };
  const parts = {
    client: () => client,
    open: () => undefined,
    newRequestId: () => randomUUID(),
    onFailure: (error: unknown) => void failures.push(error),
  } as unknown as TrayCommandParts;
  const tray = createTray({
    // Only what the tray uses; Electron's classes have private members that nobody can fake.
    electron: electron as never,
    picture: (name) => name,
    onCommand: (command) => runTrayCommand(command, parts),
  });
  const left = new AbortController();
  const followed = follow(client, tray, left.signal);
  return {
    failures,
    title: () => title,
    press(...labels) {
      let item: ShownItem = { submenu: menu };
      for (const label of labels) {
        const found = item.submenu?.find((one) => one.label === label);
        if (found === undefined || found.enabled === false) throw new Error(`"${label}" cannot be pressed`);
        item = found;
      }
      item.click?.();
    },
    async close() {
      left.abort();
      await followed;
      tray.dispose();
    },
  };
}

async function follow(client: ForgeClient, tray: ReturnType<typeof createTray>, signal: AbortSignal): Promise<void> {
  const words = desktopWords('en');
  const rest = { running: null, isPaused: false, openAtLogin: null, words };
  try {
    for await (const serving of await client.serving.watch(undefined, { signal })) tray.show({ ...rest, serving });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
