import { z } from 'zod';
import { progressOf, type ChannelEnd, type ChannelQuestion, type SandboxChannel } from '../channel.ts';
import type { PageOrigin } from './page-origin.ts';

/** A page that somebody shows: texts in, texts out. */
export interface ShownPage {
  send(text: string): void;
  /** Ends its worker and takes the page away. */
  close(): void;
}

/** Whoever can show a page: the window in a browser or on the desktop, a browser of a test. */
export interface PageHost {
  /** Whether somebody is there now. */
  isThere(): Promise<boolean>;
  show(address: string, take: (text: string) => void): Promise<ShownPage>;
}

const gone = z.object({ kind: z.literal('gone'), reason: z.string() });

export interface PageChannelOptions {
  readonly host: PageHost;
  readonly origin: PageOrigin;
  readonly frameCharacters: number;
  readonly signal: AbortSignal | undefined;
}

type Waiting = { readonly settle: (end: ChannelEnd) => void; readonly restart: () => void };

/** The wire into a worker of a page. The origin is sealed before the first question, so before a script comes near. */
class PageChannel implements SandboxChannel {
  readonly #options: PageChannelOptions;
  #page: ShownPage | null = null;
  #early: string[] = [];
  #waiting: Waiting | null = null;
  #ended: Extract<ChannelEnd, { kind: 'ended' }> | null = null;
  #at: number | null = null;
  readonly #onAbort = (): void => this.#end('crash', 'it was stopped');

  constructor(options: PageChannelOptions) {
    this.#options = options;
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async show(): Promise<void> {
    const { host, origin } = this.#options;
    const page = await host.show(origin.address, (text) => this.#take(text));
    this.#page = page;
    if (this.#ended !== null) page.close();
  }

  ask({ text, timeoutMs }: ChannelQuestion): Promise<ChannelEnd> {
    if (this.#ended !== null) return Promise.resolve(this.#ended);
    const { promise, resolve } = Promise.withResolvers<ChannelEnd>();
    const timer = setTimeout(
      () => this.#end('time', `it took longer than ${Math.round(timeoutMs / 100) / 10} s`),
      timeoutMs,
    );
    this.#at = null;
    this.#waiting = {
      restart: () => void timer.refresh(),
      settle: (end) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(end);
      },
    };
    if (text !== '') {
      this.#options.origin.seal();
      this.#page?.send(text);
    }
    for (const early of this.#early.splice(0)) this.#take(early);
    return promise;
  }

  close(): Promise<void> {
    this.#end('crash', 'it was closed');
    return Promise.resolve();
  }

  #take(text: string): void {
    if (this.#ended !== null) return;
    if (text.length > this.#options.frameCharacters)
      return this.#end('output', `one answer had more than ${this.#options.frameCharacters} characters`);
    if (this.#waiting === null) {
      // The greeting may come before somebody waits for it; anything else unasked is the script's doing.
      if (this.#early.length > 0) return this.#end('crash', 'it wrote without being asked');
      this.#early.push(text);
      return;
    }
    const lost = text.startsWith('{"kind":"gone"') ? gone.safeParse(JSON.parse(text)).data : undefined;
    if (lost !== undefined) return this.#end('crash', lost.reason.slice(0, 500));
    const at = progressOf(text);
    if (at === null) return this.#waiting.settle({ kind: 'text', text });
    this.#at = at;
    this.#waiting.restart();
  }

  #end(why: 'time' | 'output' | 'crash', reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = { kind: 'ended', why, reason, at: this.#at };
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#options.origin.seal();
    this.#page?.close();
    this.#options.origin.close();
    this.#waiting?.settle(this.#ended);
  }
}

/** Shows a page and gives the wire into it. */
export async function openPageChannel(options: PageChannelOptions): Promise<SandboxChannel> {
  const channel = new PageChannel(options);
  await channel.show();
  return channel;
}
