import { defineErrors } from './define-errors.ts';

export const exportErrors = defineErrors({
  'export.parity-failed': {
    message: 'The exported file of {model} does not behave like the trained model: {gates}. It was not deployed.',
    remedy:
      'Report this with the parity figures of `forge models show {model}`; the adapter is kept and can be exported again.',
    windowRemedy:
      'Report this with the parity figures of {model} on the page Models; the adapter is kept and can be exported again.',
    retryable: false,
    exitCode: 1,
  },
  'export.library-missing': {
    message: 'The llama.cpp library for {system} is not in {folder}.',
    remedy: 'Run `npm ci` in the folder of Forge, then the same command again.',
    windowRemedy: 'Run `npm ci` in the folder of Forge, then try again.',
    retryable: false,
    exitCode: 3,
  },
  'export.no-file': {
    message: '{model} has no finished file to export ({state}).',
    remedy: 'Run its `forge train` again, without --no-export: what is done is not repeated.',
    windowRemedy: 'Go on with its run under Runs, with the export: what is done is not repeated.',
    retryable: false,
    exitCode: 2,
  },
  'export.not-trained': {
    message: '{model} is not trained yet ({state}), so there is nothing to export.',
    remedy: 'Run its `forge train` again: it goes on where it stopped.',
    windowRemedy: 'Go on with its run under Runs: it goes on where it stopped.',
    retryable: false,
    exitCode: 2,
  },
  'export.no-adapter': {
    message: '{model} has no adapter that could be exported alone: {reason}.',
    remedy: 'Export the whole model: `forge export {model}`, or `forge export {model} --format merged`.',
    windowRemedy: 'Export the whole model instead.',
    retryable: false,
    exitCode: 2,
  },
  'export.type-without-file': {
    message: 'A file type ({type}) belongs to a GGUF file of the whole model, not to the format {format}.',
    remedy: 'Leave --type out, or leave --format out.',
    windowRemedy: 'Leave the file type out, or leave the format out.',
    retryable: false,
    exitCode: 2,
  },
  'export.file-changed': {
    message: '{path} is not the file that was made for {model}: {reason}.',
    remedy: 'Something changed it since. Run its `forge train` again: it makes what was changed anew.',
    windowRemedy: 'Something changed it since. Go on with its run under Runs: it makes what was changed anew.',
    retryable: false,
    exitCode: 1,
  },
  'export.base-gone': {
    message: '{model} has to be put together again, but its base {base} is not on this disk as it was.',
    remedy: 'Run its `forge train` again: it brings the base back, and nothing that is whole is repeated.',
    windowRemedy: 'Go on with its run under Runs: it brings the base back, and nothing that is whole is repeated.',
    retryable: false,
    exitCode: 1,
  },
  'export.worse': {
    message: '{model} as {type} does not behave like the trained model: {gates}. It was not written.',
    remedy: 'Choose {instead}, or add --even-if-worse to write it all the same.',
    windowRemedy: 'Choose {instead}, or say that it is to be written all the same.',
    retryable: false,
    exitCode: 1,
  },
  'export.cancelled': {
    message: 'The export of {model} was stopped; nothing was written.',
    remedy: 'Run the same command again when you want it.',
    windowRemedy: 'Start the export again when you want it.',
    retryable: true,
    exitCode: 4,
  },
  'export.target-exists': {
    message: '{path} is already there.',
    remedy: 'Choose another place with --to, or add --overwrite.',
    windowRemedy: 'Choose another place, or allow it to be replaced.',
    retryable: false,
    exitCode: 2,
  },
  'export.target-not-replaceable': {
    message: '{path} is there and is not what would replace it: {reason}.',
    remedy: 'Choose another place with --to: --overwrite only replaces an earlier export.',
    windowRemedy: 'Choose another place: only an earlier export is replaced.',
    retryable: false,
    exitCode: 2,
  },
  'export.target-refused': {
    message: '{path} cannot be written: {reason}.',
    remedy: 'Choose another place with --to, or give yourself the right to write there.',
    windowRemedy: 'Choose another place, or give yourself the right to write there.',
    retryable: false,
    exitCode: 3,
  },
  'export.disk-full': {
    message: 'The disk is full: {path} could not be written. Nothing half-made is left.',
    remedy: 'Free some space there, or choose a place on another disk with --to, then run the same command again.',
    windowRemedy: 'Free some space there, or choose a place on another disk, then try again.',
    retryable: true,
    exitCode: 3,
  },
});
