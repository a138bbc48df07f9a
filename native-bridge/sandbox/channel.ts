/** How a question into a sandbox ended. */
export type ChannelEnd =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'ended';
      readonly why: 'time' | 'output' | 'crash';
      readonly reason: string;
      /** The last index that it said it was at; null where it said none. */
      readonly at: number | null;
    };

export interface ChannelQuestion {
  readonly text: string;
  /** From the question, or from the last sign of life. */
  readonly timeoutMs: number;
}

/** A wire into one interpreter: one question at a time, each with one answer. Every end but an answer has ended the interpreter. */
export interface SandboxChannel {
  ask(question: ChannelQuestion): Promise<ChannelEnd>;
  close(): Promise<void>;
}

/** The sign of life of a careful run; null for anything else. Long texts are answers and are not parsed for it. */
export function progressOf(text: string): number | null {
  const found = text.length < 60 ? /^\{"kind": ?"at", ?"row": ?(\d{1,9})\}$/.exec(text) : null;
  return found === null ? null : Number(found[1]);
}
