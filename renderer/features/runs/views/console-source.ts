import type { ConsoleSink } from '../console-feed.ts';

/** Where a console's text comes from: the engine, or a fixture. */
export interface ConsoleSource {
  /** Changes when the console begins anew: another attempt. */
  readonly key: string;
  /** Feeds from near the end. Returns how to stop. */
  open(sink: ConsoleSink): () => void;
  /** Older bytes as text. */
  read(range: { from: number; to: number }): Promise<string>;
}
