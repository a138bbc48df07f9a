import type { ForgeClient } from '#contract/client.ts';
import type { SandboxPageTask } from '#contract/scripts.ts';
import { showSandboxPage, type ShownSandboxPage } from './show-sandbox-page.ts';

/** Characters of one part; as `sandboxPartCharacters` of the contract, which would load the whole of it here. */
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

/** Holds pages of sandboxes for the engine until `signal` aborts; then none is left. */
export async function holdSandboxPages(client: ForgeClient, signal: AbortSignal): Promise<void> {
  const held = new Map<string, HeldPage>();
  const act = (task: SandboxPageTask): void => {
    const { page } = task;
    const known = held.get(page);
    if (task.kind === 'show') {
      // A call that fails belongs to a wire that is gone, and its pages with it.
      const take = (text: string): void => void passOn(client, page, text).catch(() => known?.shown.close());
      held.set(page, { shown: showSandboxPage(task.address, take), half: '' });
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
