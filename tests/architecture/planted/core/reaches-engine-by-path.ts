import { composeAgain } from '../engine/compose-again.ts';

export const composedByPath = composeAgain();
