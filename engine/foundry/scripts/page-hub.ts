import { sandboxPartCharacters, type SandboxPageTask, type SandboxPageWord } from '#contract/scripts.ts';
import { openPageLink, type PageLinkMessage } from '#native-bridge/sandbox/page/page-link.ts';

/** Between scripts, wherever they run in this process, and the windows that hold their pages. */
export interface PageHub {
  /** A window takes part as long as it reads this; it is given pages before those that came earlier. */
  hold(signal: AbortSignal): AsyncGenerator<SandboxPageTask>;
  said(word: SandboxPageWord): void;
  close(): void;
}

/** What a page may say at most before its text ends. */
const longestCharacters = 100_000_000;

interface Holder {
  readonly pages: Set<string>;
  readonly tasks: SandboxPageTask[];
  wake: (() => void) | null;
}

function partsOf(page: string, text: string): SandboxPageTask[] {
  const parts: SandboxPageTask[] = [];
  for (let start = 0; start === 0 || start < text.length; start += sandboxPartCharacters) {
    const isLast = start + sandboxPartCharacters >= text.length;
    parts.push({ kind: 'send', page, text: text.slice(start, start + sandboxPartCharacters), isLast });
  }
  return parts;
}

class Hub implements PageHub {
  readonly #holders: Holder[] = [];
  readonly #halves = new Map<string, string>();
  readonly #link = openPageLink((message) => this.#take(message));

  async *hold(signal: AbortSignal): AsyncGenerator<SandboxPageTask> {
    const holder: Holder = { pages: new Set(), tasks: [], wake: null };
    const onAbort = (): void => holder.wake?.();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#holders.push(holder);
    try {
      while (!signal.aborted) {
        yield* holder.tasks.splice(0);
        if (holder.tasks.length > 0 || signal.aborted) continue;
        await new Promise<void>((resolve) => (holder.wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#leave(holder);
    }
  }

  said({ page, text, isLast }: SandboxPageWord): void {
    if (!this.#holders.some(({ pages }) => pages.has(page))) return;
    const whole = (this.#halves.get(page) ?? '') + text;
    if (!isLast && whole.length < longestCharacters) {
      this.#halves.set(page, whole);
      return;
    }
    this.#halves.delete(page);
    this.#link.post({ to: 'script', kind: 'said', page, text: whole });
  }

  close(): void {
    this.#link.close();
  }

  #leave(holder: Holder): void {
    this.#holders.splice(this.#holders.indexOf(holder), 1);
    for (const page of holder.pages) {
      const text = JSON.stringify({ kind: 'gone', reason: 'the window that held it was closed' });
      this.#link.post({ to: 'script', kind: 'said', page, text });
    }
  }

  #take(message: PageLinkMessage): void {
    if (message.to !== 'hub') return;
    const newest = this.#holders.at(-1);
    if (message.kind === 'is-there')
      return this.#link.post({
        to: 'script',
        kind: 'is-there',
        question: message.question,
        isThere: newest !== undefined,
      });
    const { page } = message;
    if (message.kind === 'show') {
      const { address } = message;
      return this.#give(newest, page, [{ kind: 'show', page, address }]);
    }
    const holder = this.#holders.find(({ pages }) => pages.has(message.page));
    if (message.kind === 'send') return this.#give(holder, message.page, partsOf(message.page, message.text));
    this.#give(holder, page, [{ kind: 'close', page }]);
    holder?.pages.delete(message.page);
    this.#halves.delete(message.page);
  }

  #give(holder: Holder | undefined, page: string, tasks: readonly SandboxPageTask[]): void {
    if (holder === undefined) return;
    holder.pages.add(page);
    for (const task of tasks) holder.tasks.push(task);
    holder.wake?.();
  }
}

export function createPageHub(): PageHub {
  return new Hub();
}
