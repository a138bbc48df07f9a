import type { ServingPolicy } from '../ports/model-server.ts';
import { admit, memoryNeededBytes, restartDelayMs } from './queue-policy.ts';
import { generationThreads } from './thread-budget.ts';

/** The decisions a model server is given by whoever makes it. */
export const servingPolicy: ServingPolicy = { admit, restartDelayMs, memoryNeededBytes, generationThreads };
