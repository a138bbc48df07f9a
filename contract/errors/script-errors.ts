import { defineErrors } from './define-errors.ts';

/** `transform(row)` scripts. Rows are counted from 1 here; `place` in the detail counts from 0. */
export const scriptErrors = defineErrors({
  'script.no-sandbox': {
    message: 'No sandbox on this machine keeps a script away from your files and the network: {reasons}.',
    remedy: 'Install bubblewrap (Linux), Deno, or Podman with a Python image, then try again.',
    retryable: true,
    exitCode: 3,
  },
  'script.not-usable': {
    message: 'The script {script} cannot be used: {reason}.',
    remedy: 'Correct it: it needs a function transform(row) that gives a row, a list of rows, or None.',
    retryable: false,
    exitCode: 2,
  },
  'script.failed': {
    message: 'The script {script} failed at row {row}: {reason}.',
    remedy: 'Correct it at the line that the traceback names, then try it again.',
    retryable: false,
    exitCode: 2,
  },
  'script.over-limit': {
    message: 'The script {script} was stopped at row {row}: {reason}.',
    remedy: 'Make it do less for each row, then try it again.',
    retryable: false,
    exitCode: 2,
  },
  'script.bad-row': {
    message: 'What the script {script} made of row {row} is no row: {reason}.',
    remedy: 'Give back the row it got with changed texts, a list of such rows, or None to leave it out.',
    retryable: false,
    exitCode: 2,
  },
  'script.not-repeatable': {
    message: 'Two runs of the script {script} over the same rows gave different results, first at row {row}.',
    remedy: 'Take out what differs from run to run (clock, chance, the order of a set), then try it again.',
    retryable: false,
    exitCode: 2,
  },
  'script.ended': {
    message: 'The script {script} ended its own process at row {row}: {reason}.',
    remedy: 'Take out what ends it (os._exit, for example), or make it use less memory.',
    retryable: false,
    exitCode: 2,
  },
  'script.step-gone': {
    message: 'The script {script} that a step names ({digest}) is not kept here.',
    remedy: 'Take the step out and add the script again from its file.',
    retryable: false,
    exitCode: 2,
  },
  'script.unknown': {
    message: 'No script called {script} is kept here.',
    remedy: 'Name its file with --file.',
    windowRemedy: 'Write it here, or choose its file.',
    retryable: false,
    exitCode: 2,
  },
});
