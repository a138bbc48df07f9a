/** Starts `work` once after `delayMs`; the result stops it. */
export type Delay = (work: () => void, delayMs: number) => () => void;

/** Texts that grow while an answer is written. They stay outside of React: whoever shows one listens and appends to the page itself. */
export interface LiveTexts {
  /** Replaces a text: a whole answer came. */
  set(key: string, text: string): void;
  append(key: string, piece: string): void;
  /** The text so far; empty for one that never began. */
  read(key: string): string;
  /** Calls `listener` with the whole text now and after changes, at most every `flushMs`. Returns how to stop. */
  listen(key: string, listener: (text: string) => void): () => void;
  /** Forgets the texts whose key begins so. */
  forget(prefix: string): void;
}

/** 20 times a second: as fast as reading needs, and a quarter of what drawing every piece would cost. */
export const flushMs = 50;

const windowDelay: Delay = (work, delayMs) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};

export function createLiveTexts(delay: Delay = windowDelay): LiveTexts {
  const texts = new Map<string, string>();
  const listeners = new Map<string, Set<(text: string) => void>>();
  const changed = new Set<string>();
  let isWaiting = false;
  const flush = (): void => {
    isWaiting = false;
    const keys = [...changed];
    changed.clear();
    for (const key of keys) for (const listener of listeners.get(key) ?? []) listener(texts.get(key) ?? '');
  };
  const change = (key: string, text: string): void => {
    texts.set(key, text);
    if (!listeners.has(key)) return;
    changed.add(key);
    if (isWaiting) return;
    isWaiting = true;
    delay(flush, flushMs);
  };
  const read = (key: string): string => texts.get(key) ?? '';
  return {
    set: change,
    append: (key, piece) => change(key, read(key) + piece),
    read,
    listen(key, listener) {
      const own = listeners.get(key) ?? new Set();
      listeners.set(key, own.add(listener));
      listener(read(key));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(key);
      };
    },
    forget(prefix) {
      for (const key of texts.keys()) if (key.startsWith(prefix)) texts.delete(key);
    },
  };
}

/** What has to be appended to `shown` to get `text`; null when it is no continuation and all must be drawn anew. */
export function appendedPart(shown: string, text: string): string | null {
  return text.startsWith(shown) ? text.slice(shown.length) : null;
}
