import type { ForgeClient } from '#contract/client.ts';
import { holdSandboxPages as holdPages } from '#contract/hold-sandbox-pages.ts';
import { showSandboxPage } from './show-sandbox-page.ts';

/** Holds pages of sandboxes in this window for the engine until `signal` aborts; then none is left. */
export function holdSandboxPages(client: ForgeClient, signal: AbortSignal): Promise<void> {
  return holdPages(client, showSandboxPage, signal);
}
