import { createNumberList } from './number-list.ts';

/** Pairs of row or text numbers, 8 bytes each. */
export interface PairList extends Iterable<readonly [first: number, second: number]> {
  readonly length: number;
  add(first: number, second: number): void;
}

export function createPairList(): PairList {
  const [firsts, seconds] = [createNumberList(), createNumberList()];
  return {
    get length() {
      return firsts.length;
    },
    add(first, second) {
      firsts.push(first);
      seconds.push(second);
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < firsts.length; index += 1) yield [firsts.at(index), seconds.at(index)] as const;
    },
  };
}
