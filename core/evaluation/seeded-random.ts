/** A source of numbers that depends on the seed only. */
export interface SeededRandom {
  /** Whole number 0..2^32-1. */
  next(): number;
  /** Whole number 0..limit-1, limit <= 2^32. */
  below(limit: number): number;
  /** 0 <= number < 1. */
  fraction(): number;
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** splitmix32: turns any seed into well-mixed words (Steele, Lea, Flood 2014; 32-bit constants of MurmurHash3's finaliser). */
function stateFrom(seed: number): [number, number, number, number] {
  let counter = seed | 0;
  const word = (): number => {
    counter = (counter + 0x9e3779b9) | 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  const state: [number, number, number, number] = [word(), word(), word(), word()];
  return state.every((part) => part === 0) ? [1, 0, 0, 0] : state;
}

/** xoshiro128** 1.1 from four words of state, not all 0 (Blackman and Vigna 2018, https://prng.di.unimi.it/xoshiro128starstar.c). */
export function createXoshiro128(state: readonly [number, number, number, number]): SeededRandom {
  let [a, b, c, d] = state;
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  const fraction = (): number => next() / 2 ** 32;
  return { next, fraction, below: (limit) => Math.floor(fraction() * limit) };
}

/** A source for a whole-number seed. */
export function createSeededRandom(seed: number): SeededRandom {
  return createXoshiro128(stateFrom(seed));
}
