import { defineErrors } from './define-errors.ts';

export const hardwareErrors = defineErrors({
  'hardware.profile-not-possible': {
    message: 'The profile "{profile}" cannot be used on this machine: {reason}.',
    remedy: 'Use --profile {fitting}, which fits this machine.',
    windowRemedy: 'Use the profile {fitting}, which fits this machine.',
    retryable: false,
    exitCode: 3,
  },
  'hardware.system-not-supported': {
    message: 'Forge cannot train on this machine: {reason}.',
    remedy: 'Use a 64-bit Linux or Windows machine, or a Mac with Apple Silicon and macOS 14 or newer.',
    retryable: false,
    exitCode: 3,
  },
});
