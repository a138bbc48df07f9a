import type { Shape } from '#contract/shape.ts';
import type { decide } from '#core/decide.ts';

export const decideElsewhere: typeof decide = (count): Shape => ({ name: String(count) });
