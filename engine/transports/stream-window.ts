import { streamWindow } from '#contract/flow-control.ts';

interface OpenStream {
  sent: number;
  read: number;
  wake: () => void;
}

/** The streams of one connection: at most `streamWindow` messages of each are under way unread. */
export interface StreamWindows {
  /** The client has taken `count` messages of a stream in all. Unknown streams and impossible counts are ignored. */
  acknowledge(stream: string, count: number): void;
  /** `source`, held back whenever the reader of `stream` is a whole window behind. Ends when `signal` aborts. */
  hold(stream: string, source: AsyncIterator<unknown>, signal: AbortSignal): AsyncGenerator<unknown>;
}

/**
 * A socket's own backpressure ends in the client's memory, and a message port has none: both were measured to let a producer
 * run 50,000 messages ahead of a reader who had taken one. With a window the producer's generator is simply not asked for more,
 * so the engine's cursor falls behind, which is what `behind` is made of.
 */
export function createStreamWindows(): StreamWindows {
  const streams = new Map<string, OpenStream>();
  return {
    acknowledge(stream, count) {
      const open = streams.get(stream);
      if (open === undefined) return;
      open.read = Math.min(open.sent, Math.max(open.read, count));
      open.wake();
    },
    async *hold(stream, source, signal) {
      const open: OpenStream = { sent: 0, read: 0, wake: () => undefined };
      streams.set(stream, open);
      try {
        for (;;) {
          while (open.sent - open.read >= streamWindow && !signal.aborted) await acknowledgement(open, signal);
          if (signal.aborted) return undefined;
          const result = await source.next();
          if (result.done === true) return result.value;
          open.sent += 1;
          yield result.value;
        }
      } finally {
        if (streams.get(stream) === open) streams.delete(stream);
        await source.return?.();
      }
    },
  };
}

function acknowledgement(open: OpenStream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      signal.removeEventListener('abort', wake);
      open.wake = () => undefined;
      resolve();
    };
    open.wake = wake;
    signal.addEventListener('abort', wake, { once: true });
  });
}
