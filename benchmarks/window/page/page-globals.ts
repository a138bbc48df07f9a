// What the scripts in this folder use of a browser. The benchmarks are typed for Node, whose own globals (performance, WebSocket) are the
// browser's too; these are the rest.

export interface PageElement {
  querySelector(selector: string): PageElement | null;
  readonly textContent: string | null;
}

export interface PageDocument extends PageElement {
  /** Seen in the capture phase, before the page itself sees it. */
  addEventListener(type: string, listener: (event: { readonly timeStamp: number }) => void, capture: boolean): void;
}

interface PagePort {
  onmessage: (() => void) | null;
  postMessage(message: null): void;
  close(): void;
}

interface PageGlobals {
  readonly document: PageDocument;
  readonly location: { readonly href: string };
  readonly MutationObserver: new (onChange: () => void) => {
    observe(target: PageElement, options: Readonly<Record<string, boolean>>): void;
    disconnect(): void;
  };
  readonly PerformanceObserver: new (onEntries: (list: { getEntries(): readonly unknown[] }) => void) => {
    observe(options: { readonly entryTypes: readonly string[] }): void;
  };
  readonly MessageChannel: new () => { readonly port1: PagePort; readonly port2: PagePort };
  requestAnimationFrame(onFrame: (timeMs: number) => void): number;
}

export const { document, location, MessageChannel, MutationObserver, PerformanceObserver, requestAnimationFrame } =
  globalThis as unknown as PageGlobals;
