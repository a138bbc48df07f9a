import { oc } from '@orpc/contract';
import { z } from 'zod';
import { forgeErrorData } from '../error-data.ts';

/** Expected errors travel as `FORGE` with the registry's code inside; anything else is a bug with a correlation id. */
export const procedure = oc.errors({ FORGE: { data: forgeErrorData } });

/** Mutations carry a request id made by the client: repeating it returns the first answer. */
export const requestId = z.string().min(8).max(100);
