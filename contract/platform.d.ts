// What every JavaScript platform offers and neither `lib` nor the layering gives `contract` and `core`: cancellation, addresses. Declared by hand
// because `lib.dom` would open the whole browser and `@types/node` the whole of Node (docs/adr/0001).
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare const URL: { parse(address: string): { readonly protocol: string } | null };
