import { defineErrors } from './define-errors.ts';

export const jobErrors = defineErrors({
  'job.failed': {
    message: '{name} failed: {reason}.',
    remedy: '{hint}.',
    retryable: true,
    exitCode: 1,
  },
  'job.input-refused': {
    message: '{name} failed: {reason}.',
    remedy: '{hint}.',
    retryable: false,
    exitCode: 2,
  },
  'job.machine-in-the-way': {
    message: '{name} failed: {reason}.',
    remedy: '{hint}.',
    retryable: true,
    exitCode: 3,
  },
  'job.cancelled': {
    message: '{name} was cancelled.',
    remedy: 'Run the same command again: it goes on from the last checkpoint.',
    windowRemedy: 'Go on with it: it starts from the last checkpoint.',
    retryable: true,
    exitCode: 4,
  },
  'job.not-allowed': {
    message: 'The job cannot {action} while it is {state}: {reason}.',
    remedy: 'Look at the job with `forge runs show {job}` and choose an action that its state offers.',
    windowRemedy: 'Look at the run {job} and choose an action that its state offers.',
    retryable: false,
    exitCode: 2,
  },
  'main-job.not-allowed': {
    message: 'The main job {id} cannot {action} while it is {state}: {reason}.',
    remedy:
      'Choose what its state offers: one that waits can be moved or cancelled, one that ended early can be resumed.',
    retryable: false,
    exitCode: 2,
  },
  'job.device-missing': {
    message: 'This machine has no {device} device that a job could use.',
    remedy: 'Choose another device, for example --device cpu.',
    windowRemedy: 'Choose another device, for example the processor (cpu).',
    retryable: false,
    exitCode: 2,
  },
  'job.no-result': {
    message: 'The job {job} has no result: it is {state}.',
    remedy: 'Wait until it has succeeded, or look at its log with `forge runs show {job}`.',
    windowRemedy: 'Wait until it has succeeded, or look at its console under Runs.',
    retryable: false,
    exitCode: 1,
  },
  'job.artefact-mismatch': {
    message: 'The file {path} of the job {job} is not what the job wrote: {reason}.',
    remedy: 'Run the job again, or put the file back from a copy.',
    retryable: false,
    exitCode: 1,
  },
  'job.run-directory-damaged': {
    message: 'The run folder {path} cannot be read: {reason}.',
    remedy: 'Put the folder back from a copy, or move it out of the runs folder; the other jobs are not affected.',
    retryable: false,
    exitCode: 1,
  },
  'storage.database-newer': {
    message: 'The database {path} has version {found}; this Forge knows versions up to {known}.',
    remedy: 'Update Forge, or choose another folder with --home.',
    retryable: false,
    exitCode: 3,
  },
  'storage.database-damaged': {
    message: 'The index {path} is damaged: {reason}.',
    remedy:
      'Move that file away, then run `forge index rebuild`: it is made anew from the runs folder, and no run and no model is lost.',
    retryable: false,
    exitCode: 3,
  },
  'storage.migration-failed': {
    message: 'The database {path} could not be brought to version {version}: {reason}.',
    remedy: 'Nothing was changed; report the reason and keep the copy {copy}.',
    retryable: false,
    exitCode: 3,
  },
  'tool.not-found': {
    message: 'The program {command} was not found or may not be run.',
    remedy: 'Install it, or correct its path in the settings.',
    retryable: false,
    exitCode: 3,
  },
  'tool.failed': {
    message: 'The program {command} ended with code {exitCode} (signal {signal}): {tail}.',
    remedy: 'Read its message above; run the command by hand to see all of it.',
    retryable: false,
    exitCode: 1,
  },
  'tool.timed-out': {
    message: 'The program {command} was not done after {timeoutMs} ms and was stopped.',
    remedy: 'Try again when the machine is less busy.',
    retryable: true,
    exitCode: 1,
  },
  'tool.output-too-large': {
    message: 'The program {command} wrote more than {maximumOutputBytes} bytes and was stopped.',
    remedy: 'Report this: the program answered with far more than expected.',
    retryable: false,
    exitCode: 1,
  },
  'tool.aborted': {
    message: 'The program {command} was stopped on request.',
    remedy: 'Start it again when it is wanted.',
    retryable: true,
    exitCode: 4,
  },
});
