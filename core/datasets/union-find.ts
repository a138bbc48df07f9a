/** Sets of numbers 0..size-1 that can be joined (Tarjan's union-find with path halving; smaller index is the root). */
export interface UnionFind {
  root(index: number): number;
  join(first: number, second: number): void;
}

export function createUnionFind(size: number): UnionFind {
  const parents = new Uint32Array(size).map((_, index) => index);
  const parentOf = (index: number): number => parents[index] ?? index;
  const root = (index: number): number => {
    let current = index;
    while (parentOf(current) !== current) {
      parents[current] = parentOf(parentOf(current));
      current = parentOf(current);
    }
    return current;
  };
  const join = (first: number, second: number): void => {
    const [a, b] = [root(first), root(second)];
    parents[Math.max(a, b)] = Math.min(a, b);
  };
  return { root, join };
}
