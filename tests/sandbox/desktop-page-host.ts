import { chromium, type BrowserContext, type Page } from '@playwright/test';
import type { PageHost } from '#native-bridge/sandbox/page/page-channel.ts';
import type { ElectronParts } from '../../electron/main/electron-parts.ts';
import { showSandboxPages } from '../../electron/main/sandbox-pages.ts';

type BeforeRequest = (
  details: { readonly url: string },
  answer: (given: { readonly cancel?: boolean }) => void,
) => void;

/** The session of a partition, as Chromium's context keeps it. */
class ChromiumSession {
  isLet: (url: string) => boolean = () => true;
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest) => {
      this.isLet = (url) => {
        let isLet = true;
        listener({ url }, ({ cancel }) => void (isLet = cancel !== true));
        return isLet;
      };
    },
  };
  setPermissionRequestHandler(): void {
    return undefined;
  }
  setPermissionCheckHandler(): void {
    return undefined;
  }
  on(): void {
    return undefined;
  }
}

export interface DesktopPageHost {
  readonly host: PageHost;
  /** Addresses that the session of a page refused. */
  readonly refused: string[];
  close(): Promise<void>;
}

/** The desktop's own code over a real Chromium: where Electron has a window, there is a page of a context of its own. */
export async function startDesktopPageHost(executablePath: string): Promise<DesktopPageHost> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
  const refused: string[] = [];
  class ChromiumWindow {
    readonly #session: ChromiumSession;
    #context: BrowserContext | null = null;
    #page: Page | null = null;
    #isDestroyed = false;
    readonly webContents = {
      on: () => undefined,
      setWindowOpenHandler: () => undefined,
      executeJavaScript: async (code: string): Promise<unknown> => this.#page?.evaluate(code),
    };

    constructor({ webPreferences }: { readonly webPreferences: { readonly session: unknown } }) {
      this.#session = webPreferences.session as ChromiumSession;
    }
    async loadURL(url: string): Promise<void> {
      this.#context = await browser.newContext();
      await this.#context.route('**/*', (route) => {
        if (this.#session.isLet(route.request().url())) return route.continue();
        refused.push(route.request().url());
        return route.abort();
      });
      this.#page = await this.#context.newPage();
      if (this.#isDestroyed) return this.#end();
      await this.#page.goto(url);
    }
    destroy(): void {
      this.#isDestroyed = true;
      void this.#end();
    }
    async #end(): Promise<void> {
      // The browser may be closed already.
      await this.#context?.close().catch(() => undefined);
    }
  }
  const parts = { BrowserWindow: ChromiumWindow, session: { fromPartition: () => new ChromiumSession() } };
  const show = showSandboxPages(parts as unknown as Pick<ElectronParts, 'BrowserWindow' | 'session'>);
  return {
    host: { isThere: () => Promise.resolve(true), show: (address, take) => Promise.resolve(show(address, take)) },
    refused,
    close: () => browser.close(),
  };
}
