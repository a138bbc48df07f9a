import { createSeededRandom } from '../evaluation/seeded-random.ts';

/** Takes turns with neighbouring numbers far apart in the generator's space. */
const turnStride = 0x9e_37_79_b1;

/**
 * Which model each pane shows: `order[pane]`. Blind turns are shuffled, each by itself, from the comparison's seed, so that a
 * comparison read again has the same order; the others keep the order they were asked for.
 */
export function paneOrder(given: { models: number; blind: boolean; seed: number; turn: number }): number[] {
  const order = Array.from({ length: given.models }, (_, model) => model);
  if (!given.blind) return order;
  const random = createSeededRandom((given.seed ^ Math.imul(given.turn + 1, turnStride)) >>> 0);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
