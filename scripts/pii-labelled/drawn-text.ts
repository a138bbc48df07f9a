import type { Draw } from './seeded-random.ts';

/** Makes one value. */
export type Maker = (draw: Draw) => string;

export const digits = '0123456789';
export const nonZero = '123456789';
export const hex = '0123456789abcdef';
export const small = 'abcdefghijklmnopqrstuvwxyz';
export const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const alphanumeric: string = `${small}${capitals}${digits}`;

/** A text cut into pieces of these lengths. */
export function grouped(text: string, lengths: readonly number[], gap: string): string {
  let at = 0;
  return lengths.map((length) => text.slice(at, (at += length))).join(gap);
}
