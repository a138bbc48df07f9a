/** A source of everything that is drawn; the same seed draws the same. */
export interface Draw {
  /** 0 up to, without, `end`. */
  below(end: number): number;
  pick<Value>(list: readonly Value[]): Value;
  /** One letter of `alphabet` for each place. */
  letters(alphabet: string, length: number): string;
}

/** mulberry32 (Tommy Ettinger, public domain). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    below,
    pick(list) {
      const found = list[below(list.length)];
      if (found === undefined) throw new RangeError('Nothing can be picked from an empty list.');
      return found;
    },
    letters: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
  };
}
