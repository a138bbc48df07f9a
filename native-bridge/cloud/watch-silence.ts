/** How long a provider may be silent. */
export interface CloudPatience {
  /** Until the first piece of an answer, thinking included. Default 60 s. */
  readonly firstTokenMs: number;
  /** Between two pieces. Default 60 s. */
  readonly idleMs: number;
  /** For the whole answer. Default 10 minutes. */
  readonly wholeMs: number;
  /** Before trying again where the provider does not say how long. Default 1 s. */
  readonly retryMs: number;
  /** Longest Retry-After that is waited out. Default 20 s. */
  readonly longestWaitMs: number;
}

export const defaultPatience: CloudPatience = {
  firstTokenMs: 60_000,
  idleMs: 60_000,
  wholeMs: 600_000,
  retryMs: 1_000,
  longestWaitMs: 20_000,
};

/** The reason a watch aborts with; `seconds` is how long nothing came. */
export class Silence extends Error {
  readonly seconds: number;

  constructor(milliseconds: number) {
    super(`nothing for ${milliseconds} ms`);
    this.seconds = Math.max(1, Math.round(milliseconds / 1000));
  }
}

export interface SilenceWatch {
  readonly signal: AbortSignal;
  /** Something came. */
  heard(): void;
  dispose(): void;
}

/** Aborts its signal, with a `Silence`, when nothing is heard for too long. */
export function watchSilence({ firstTokenMs, idleMs, wholeMs }: CloudPatience): SilenceWatch {
  const control = new AbortController();
  const giveUp = (milliseconds: number) => () => control.abort(new Silence(milliseconds));
  let timer = setTimeout(giveUp(firstTokenMs), firstTokenMs);
  const whole = setTimeout(giveUp(wholeMs), wholeMs);
  return {
    signal: control.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(giveUp(idleMs), idleMs);
    },
    dispose() {
      clearTimeout(timer);
      clearTimeout(whole);
    },
  };
}
