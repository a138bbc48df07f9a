import type { ForgeClient } from './client.ts';
import type { SandboxPageTask } from './scripts.ts';

/** A page of a sandbox that somebody shows: texts in, texts out. */
export interface ShownSandboxPage {
  send(text: string): void;
  /** Ends its worker at once, whatever that is doing. */
  close(): void;
}

/** Shows the page at an address, unseen, and hands on what it says. */
export type ShowSandboxPage = (address: string, take: (text: string) => void) => ShownSandboxPage;

/** Characters of one part; as `sandboxPartCharacters`, whose file would bring the whole of zod into a window's first load. */
const partCharacters = 1_000_000;

interface HeldPage {
  readonly shown: ShownSandboxPage;
  /** Parts of a text that has not ended. */
  half: string;
}

async function passOn(client: ForgeClient, page: string, text: string): Promise<void> {
  for (let start = 0; start === 0 || start < text.length; start += partCharacters) {
    const isLast = start + partCharacters >= text.length;
    await client.scripts.pageSaid({ page, text: text.slice(start, start + partCharacters), isLast });
  }
}

/** Holds pages of sandboxes for the engine until `signal` aborts or the wire is lost; then none is left. */
export async function holdSandboxPages(client: ForgeClient, show: ShowSandboxPage, signal: AbortSignal): Promise<void> {
  const held = new Map<string, HeldPage>();
  const act = (task: SandboxPageTask): void => {
    const { page } = task;
    const known = held.get(page);
    if (task.kind === 'show') {
      // A call that fails belongs to a wire that is gone, and its pages with it.
      const take = (text: string): void => void passOn(client, page, text).catch(() => held.get(page)?.shown.close());
      held.set(page, { shown: show(task.address, take), half: '' });
    } else if (task.kind === 'close') {
      known?.shown.close();
      held.delete(page);
    } else if (known !== undefined) {
      known.half += task.text;
      if (task.isLast) known.shown.send(known.half);
      if (task.isLast) known.half = '';
    }
  };
  try {
    for await (const task of await client.scripts.holdPages(undefined, { signal })) act(task);
  } finally {
    for (const { shown } of held.values()) shown.close();
  }
}
