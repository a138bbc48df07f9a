import { JsonCloseFinder } from './json-close.ts';

/** Turns tokens into text; `before` are the tokens in front of them (spaces and split characters depend on those). */
export type Detokenise = (tokens: readonly number[], before: readonly number[]) => string;

/** A character that is not complete yet shows as this one. */
const incomplete = '\uFFFD';
/** A UTF-8 character has at most 4 bytes, so at most 4 byte tokens; more than that is broken text and is let through. */
const longestWait = 5;

export interface AnswerPiece {
  readonly text: string;
  /** True when the answer is over: a stop string or the closing brace was reached. Nothing may be pushed after it. */
  readonly ended: boolean;
}

/**
 * Text of an answer, token by token: holds back half characters and anything that may be the beginning of a stop string; cuts
 * at the first stop string (which is not part of the answer) or behind the closing brace of the first JSON object (which is).
 */
export class AnswerText {
  readonly #detokenise: Detokenise;
  readonly #stop: readonly string[];
  readonly #jsonClose: JsonCloseFinder | null;
  #before: readonly number[];
  #pending: number[] = [];
  #held = '';
  #givenLength = 0;

  constructor(options: {
    readonly detokenise: Detokenise;
    readonly promptTail: readonly number[];
    readonly stop: readonly string[];
    readonly stopWhenJsonCloses: boolean;
  }) {
    this.#detokenise = options.detokenise;
    this.#before = options.promptTail;
    this.#stop = options.stop;
    this.#jsonClose = options.stopWhenJsonCloses ? new JsonCloseFinder() : null;
  }

  push(token: number): AnswerPiece {
    this.#pending.push(token);
    const text = this.#detokenise(this.#pending, this.#before);
    if (text.endsWith(incomplete) && this.#pending.length < longestWait) return { text: '', ended: false };
    return this.#take(text);
  }

  /** What was held back, once the model has ended the answer by itself. */
  finish(): string {
    const rest = this.#pending.length > 0 ? this.#take(this.#detokenise(this.#pending, this.#before)) : null;
    if (rest?.ended) return rest.text;
    const text = (rest?.text ?? '') + this.#held;
    this.#held = '';
    return text;
  }

  #take(text: string): AnswerPiece {
    this.#before = [...this.#before, ...this.#pending].slice(-8);
    this.#pending = [];
    const jsonEnd = this.#jsonClose?.push(text) ?? null;
    let whole = this.#held + text;
    if (jsonEnd !== null) whole = whole.slice(0, jsonEnd - this.#givenLength);
    const stopAt = firstStop(whole, this.#stop);
    if (stopAt >= 0 || jsonEnd !== null) {
      this.#held = '';
      return { text: stopAt >= 0 ? whole.slice(0, stopAt) : whole, ended: true };
    }
    const keep = heldLength(whole, this.#stop);
    const given = whole.slice(0, whole.length - keep);
    this.#held = whole.slice(whole.length - keep);
    this.#givenLength += given.length;
    return { text: given, ended: false };
  }
}

function firstStop(text: string, stop: readonly string[]): number {
  const positions = stop.map((word) => text.indexOf(word)).filter((position) => position >= 0);
  return positions.length > 0 ? Math.min(...positions) : -1;
}

/** Length of the longest end of `text` that is the beginning of a stop string. */
function heldLength(text: string, stop: readonly string[]): number {
  let longest = 0;
  for (const word of stop) {
    for (let length = Math.min(word.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(word.slice(0, length))) longest = length;
    }
  }
  return longest;
}
