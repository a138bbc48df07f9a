import { defineErrors } from './define-errors.ts';

export const secretErrors = defineErrors({});
