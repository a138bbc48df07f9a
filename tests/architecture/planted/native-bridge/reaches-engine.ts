import { compose } from '#engine/compose.ts';

export const composed = compose();
