import type { Machine } from '#contract/hardware.ts';

export interface Hardware {
  /**
   * Reads the machine; at most 2.5 s, whatever hangs. The answer is kept for 30 s unless `fresh` is set. Never throws for a part that cannot
   * be read: it is named in `missing`.
   */
  detect(options?: { readonly fresh?: boolean }): Promise<Machine>;
}
