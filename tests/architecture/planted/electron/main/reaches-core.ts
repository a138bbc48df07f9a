import { decide } from '#core/decide.ts';

export const decided = decide(1);
