import { defineErrors } from './define-errors.ts';

export const secretErrors = defineErrors({
  'secret.bad-name': {
    message: '"{name}" cannot be the name of a secret.',
    remedy: 'Use 1 to 64 lower-case letters, digits and _, beginning with a letter.',
    retryable: false,
    exitCode: 2,
  },
  'secret.unknown': {
    message: 'Forge knows no secret of that name. Known are: {known}.',
    remedy: 'Choose one of those; `forge secrets list` says what each is for.',
    windowRemedy: 'Choose one of those; Settings, Providers and keys, says what each is for.',
    retryable: false,
    exitCode: 2,
  },
  'secret.bad-value': {
    message: 'The value for the secret "{name}" is {reason}.',
    remedy: 'Paste the key again, in one line and without quotes.',
    retryable: false,
    exitCode: 2,
  },
  'secret.file-open-to-others': {
    message: 'Other users of this machine can read {path}, so Forge does not use it.',
    remedy: 'Run `chmod 600 {path}`, and consider the keys in it known to others.',
    retryable: false,
    exitCode: 3,
  },
  'secret.file-damaged': {
    message: 'The file {path} is not one Forge wrote.',
    remedy: 'Move it away and enter the keys again; until then each can be given as a variable FORGE_SECRET_<NAME>.',
    retryable: false,
    exitCode: 3,
  },
  'secret.missing': {
    message: '{purpose} needs the key "{name}", which is not set.',
    remedy: 'Enter it with `forge secrets set {name}`, then run the same command again.',
    windowRemedy: 'Enter it under Settings, Providers and keys, as {name}, then try again.',
    retryable: true,
    exitCode: 3,
  },
});
