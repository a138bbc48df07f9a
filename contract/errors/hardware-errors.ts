import { defineErrors } from './define-errors.ts';

export const hardwareErrors = defineErrors({});
