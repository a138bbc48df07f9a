/** One value to many readers. A slow reader gets the newest value only: states are replaced, not queued, so memory is bounded. */
export interface Broadcast<T> {
  send(value: T): void;
  /** Ends every subscription after its last value was handed out. */
  close(): void;
  /** Values sent from now on; ends on close or abort. */
  subscribe(signal?: AbortSignal): AsyncGenerator<T>;
}

interface Reader<T> {
  latest: { readonly value: T } | null;
  wake: (() => void) | null;
}

export function createBroadcast<T>(): Broadcast<T> {
  const readers = new Set<Reader<T>>();
  let closed = false;
  const wakeAll = (): void => {
    for (const reader of readers) reader.wake?.();
  };
  return {
    send(value) {
      for (const reader of readers) reader.latest = { value };
      wakeAll();
    },
    close() {
      closed = true;
      wakeAll();
    },
    subscribe(signal) {
      // The reader joins now, not at the first `next`: nothing sent between the two calls is missed.
      const reader: Reader<T> = { latest: null, wake: null };
      readers.add(reader);
      return read(reader, { readers, isClosed: () => closed, signal });
    },
  };
}

async function* read<T>(
  reader: Reader<T>,
  { readers, isClosed, signal }: { readers: Set<Reader<T>>; isClosed: () => boolean; signal: AbortSignal | undefined },
): AsyncGenerator<T> {
  const onAbort = (): void => reader.wake?.();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      const { latest } = reader;
      reader.latest = null;
      if (latest) yield latest.value;
      else if (isClosed()) return;
      else await new Promise<void>((resolve) => (reader.wake = resolve));
    }
  } finally {
    readers.delete(reader);
    signal?.removeEventListener('abort', onAbort);
  }
}
