import { randomUUID } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
import { SandboxNotUp } from '../script-session.ts';
import type { PageHost } from './page-channel.ts';

/** Between the thread a script runs in and the engine's own thread, which knows the windows. Both are this process. */
export type PageLinkMessage =
  | { readonly to: 'hub'; readonly kind: 'is-there'; readonly question: string }
  | { readonly to: 'hub'; readonly kind: 'show'; readonly page: string; readonly address: string }
  | { readonly to: 'hub'; readonly kind: 'send'; readonly page: string; readonly text: string }
  | { readonly to: 'hub'; readonly kind: 'close'; readonly page: string }
  | { readonly to: 'script'; readonly kind: 'is-there'; readonly question: string; readonly isThere: boolean }
  | { readonly to: 'script'; readonly kind: 'said'; readonly page: string; readonly text: string };

export interface PageLink {
  post(message: PageLinkMessage): void;
  close(): void;
}

const channelName = 'forge-sandbox-pages';

export function openPageLink(take: (message: PageLinkMessage) => void): PageLink {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = (event: unknown) => take((event as { data: PageLinkMessage }).data);
  channel.unref();
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}

/** The engine's own thread answers at once, or there is none (a test, a tool). */
const patienceMs = 500;

/** Pages that some open window shows, from whatever thread. */
export function createLinkedPageHost(): PageHost {
  const takers = new Map<string, (text: string) => void>();
  const questions = new Map<string, (isThere: boolean) => void>();
  let opened: PageLink | null = null;

  const take = (message: PageLinkMessage): void => {
    if (message.to !== 'script') return;
    if (message.kind === 'said') takers.get(message.page)?.(message.text);
    else questions.get(message.question)?.(message.isThere);
  };
  const link = (): PageLink => (opened ??= openPageLink(take));
  const host: PageHost = {
    async isThere() {
      const [question, { promise, resolve }] = [randomUUID(), Promise.withResolvers<boolean>()];
      questions.set(question, resolve);
      const timer = setTimeout(() => resolve(false), patienceMs);
      link().post({ to: 'hub', kind: 'is-there', question });
      const isThere = await promise;
      clearTimeout(timer);
      questions.delete(question);
      if (!isThere && takers.size === 0) {
        opened?.close();
        opened = null;
      }
      return isThere;
    },
    async show(address, taker) {
      if (!(await host.isThere())) throw new SandboxNotUp('the window that held it was closed');
      const page = randomUUID();
      takers.set(page, taker);
      link().post({ to: 'hub', kind: 'show', page, address });
      return {
        send: (text) => link().post({ to: 'hub', kind: 'send', page, text }),
        close() {
          takers.delete(page);
          link().post({ to: 'hub', kind: 'close', page });
        },
      };
    },
  };
  return host;
}
