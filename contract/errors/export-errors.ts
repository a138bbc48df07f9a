import { defineErrors } from './define-errors.ts';

export const exportErrors = defineErrors({
  'export.parity-failed': {
    message: 'The exported file of {model} does not behave like the trained model: {gates}. It was not deployed.',
    remedy:
      'Report this with the parity figures of `forge models show {model}`; the adapter is kept and can be exported again.',
    retryable: false,
    exitCode: 1,
  },
  'export.library-missing': {
    message: 'The llama.cpp library for {system} is not in {folder}.',
    remedy: 'Run `npm ci` in the folder of Forge, then the same command again.',
    retryable: false,
    exitCode: 3,
  },
});
