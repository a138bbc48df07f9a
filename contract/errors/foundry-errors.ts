import { defineErrors } from './define-errors.ts';

/** Dataset versions and the long work on them. */
export const foundryErrors = defineErrors({
  'foundry.version-unknown': {
    message: 'There is no version {version} of a dataset {name}.',
    remedy: 'Look at what there is with `forge data versions`.',
    windowRemedy: 'Look in the list at what there is.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.name-reserved': {
    message: 'A dataset cannot be called {name}: Forge or the operating system keeps that name for itself.',
    remedy: 'Choose another name.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.row-unknown': {
    message: 'There is no row {row} in {name}, version {version}.',
    remedy: 'Look for it in the version it was shown in.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.not-restorable': {
    message: 'Version {version} of {name} was not removed in the last ten minutes, so there is nothing to take back.',
    remedy: 'Import the files again.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.version-damaged': {
    message: 'Version {version} of {name} is damaged: {reason}.',
    remedy: 'Remove it and import the files again.',
    retryable: false,
    exitCode: 1,
  },
  'foundry.version-used': {
    message: '{name}, version {version}, cannot be removed now: {model} is being made of it.',
    remedy: 'Wait until it is done, or cancel it with `forge runs cancel`.',
    windowRemedy: 'Wait until it is done, or cancel it under Runs.',
    retryable: true,
    exitCode: 2,
  },
  'foundry.study-changed': {
    message: 'These rows are of an earlier study of {name}, version {version}.',
    remedy: 'Study it again with `forge study`.',
    windowRemedy: 'Choose the figure again in the study.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.no-diff': {
    message: 'Version {before} and {after} were not compared yet, or one of them changed since.',
    remedy: 'Compare them with `forge data diff`.',
    windowRemedy: 'Compare them again.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.job-unknown': {
    message: 'There is no work on data called {job}.',
    remedy: 'Look at what runs with `forge data jobs`.',
    windowRemedy: 'Look in the list at what runs.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.job-over': {
    message: 'The work on {name} is over already ({state}).',
    remedy: 'Start it again if it is still wanted.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.unbalanced': {
    message:
      'The counts of this import do not agree: {seen} records seen, {accepted} accepted, {rejected} rejected, {merged} merged. No version was made.',
    remedy: 'Report this with the kind of file it was: no record may get lost.',
    retryable: false,
    exitCode: 1,
  },
  'foundry.not-shown': {
    message: 'A row of kind {kind} is not shown as a model sees it: it is no conversation with an answer.',
    remedy: 'Look at its texts instead.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.bad-pattern': {
    message: 'The pattern cannot be used: {reason}.',
    remedy: 'Write it as a JavaScript regular expression with the flag u.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.no-tokenizer': {
    message: 'The tokenizer of {base} is not on this disk, so tokens cannot be counted by it.',
    remedy: 'Fetch it with `forge base add {base}`, or name no base: tokens are then estimated by characters.',
    windowRemedy: 'Choose another base model, or let tokens be estimated by characters.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.nothing-left': {
    message: 'The steps leave none of the {rows} rows of {name}, so no version was made.',
    remedy: 'Look at the counts of the steps and loosen the one that drops most.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.pii-unreviewed': {
    message:
      '{rows} rows of {name} hold personal data or secrets that nobody has decided on ({kinds}), and the domain {domain} does not allow that.',
    remedy: 'Mask, replace or drop them by a step over personal data, or let single rows pass by their ids.',
    retryable: false,
    exitCode: 2,
  },
  'foundry.no-split': {
    message: 'The shares {validation} and {test} leave nothing to train on.',
    remedy: 'Give shares that are below 1 together.',
    retryable: false,
    exitCode: 2,
  },
});
