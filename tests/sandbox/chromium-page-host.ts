import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from '@playwright/test';
import type { ShownSandboxPage } from '#contract/hold-sandbox-pages.ts';
import { browserSecurityHeaders } from '#contract/page-policy.ts';
import type { PageHost } from '#native-bridge/sandbox/page/page-channel.ts';
import { showSandboxPage } from '../../renderer/shell/show-sandbox-page.ts';

/** A Chromium that shows sandbox pages, over a page with the headers of the window. */
export interface ChromiumPageHost {
  readonly host: PageHost;
  /** Where the embedding page lies. */
  readonly origin: string;
  close(): Promise<void>;
}

declare global {
  var takeText: (shown: number, text: string) => void;
  var shownPages: ShownSandboxPage[];
  var showPage: typeof showSandboxPage;
}

async function openWindow(browser: Browser, origin: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(origin);
  // The very function of the window, without its types.
  await page.addScriptTag({
    content: `globalThis.showPage = ${showSandboxPage.toString()}; globalThis.shownPages = [];`,
  });
  return page;
}

async function serveWindow(): Promise<{ origin: string; close: () => void }> {
  // The test puts the window's function in by hand; a script of the page's own would come from its origin.
  const own = browserSecurityHeaders['content-security-policy'] ?? '';
  const policy = own.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'");
  const server = createServer((_, response) => {
    response.writeHead(200, {
      ...browserSecurityHeaders,
      'content-security-policy': policy,
      'content-type': 'text/html',
    });
    response.end('<!doctype html><title>Window</title><body></body>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

export async function startChromiumPageHost(executablePath: string): Promise<ChromiumPageHost> {
  const { origin, close } = await serveWindow();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
  const page = await openWindow(browser, origin);
  const takers: ((text: string) => void)[] = [];
  await page.exposeFunction('takeText', (shown: number, text: string) => takers[shown]?.(text));
  const host: PageHost = {
    isThere: () => Promise.resolve(true),
    async show(address, take) {
      const shown = takers.push(take) - 1;
      await page.evaluate(
        ([number, url]) => {
          const given = globalThis.showPage(String(url), (text) => globalThis.takeText(Number(number), text));
          globalThis.shownPages[Number(number)] = given;
        },
        [shown, address] as const,
      );
      const act = (text: string | null): void =>
        void page
          .evaluate(
            ([number, given]) => {
              const own = globalThis.shownPages[Number(number)];
              if (given === null) own?.close();
              else own?.send(String(given));
            },
            [shown, text] as const,
          )
          // The browser is closed under what is still on its way.
          .catch(() => undefined);
      return { send: act, close: () => act(null) };
    },
  };
  return {
    ...{ host, origin },
    async close() {
      await browser.close();
      close();
    },
  };
}
