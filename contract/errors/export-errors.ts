import { defineErrors } from './define-errors.ts';

export const exportErrors = defineErrors({
  'export.parity-failed': {
    message: 'The exported file of {model} does not behave like the trained model: {gates}. It was not deployed.',
    remedy: 'Report this with the parity figures of `forge export check {model}`; the adapter is kept and can be exported again.',
    retryable: false,
    exitCode: 1,
  },
});
