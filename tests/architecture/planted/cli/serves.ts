import { os } from '@orpc/server';

export const server = os;
