import { defineErrors } from './define-errors.ts';

export const baseModelErrors = defineErrors({});
