import type { Shape } from '#contract/shape.ts';

export function decide(count: number): Shape {
  return { name: String(count) };
}
