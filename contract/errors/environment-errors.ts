import { defineErrors } from './define-errors.ts';

export const environmentErrors = defineErrors({
  'environment.python-missing': {
    message: 'No Python {minimum} or newer was found on this machine, and one could not be fetched ({reason}).',
    remedy: 'Install Python {recommended} (from your system or python.org), then run `forge env setup` again.',
    windowRemedy: 'Install Python {recommended} (from your system or python.org), then start the set-up again.',
    retryable: true,
    exitCode: 3,
  },
  'environment.python-too-old': {
    message:
      'The newest Python here is {found} ({path}); {minimum} to {maximum} is needed, and one could not be fetched ({reason}).',
    remedy: 'Install Python {recommended} beside it (the old one may stay), then run `forge env setup` again.',
    windowRemedy: 'Install Python {recommended} beside it (the old one may stay), then start the set-up again.',
    retryable: true,
    exitCode: 3,
  },
  'environment.venv-broken': {
    message: 'Python at {path} cannot make a virtual environment: {reason}.',
    remedy:
      'Install its venv and pip parts (Debian and Ubuntu: `sudo apt install python3-venv`), then run `forge env setup` again.',
    windowRemedy:
      'Install its venv and pip parts (Debian and Ubuntu: `sudo apt install python3-venv`), then start the set-up again.',
    retryable: true,
    exitCode: 3,
  },
  'environment.uv-unusable': {
    message: 'The package installer uv at {path} does not run: {reason}.',
    remedy: 'Remove or update that uv, then run `forge env setup` again: Forge installs its own when there is none.',
    windowRemedy: 'Remove or update that uv, then start the set-up again: Forge installs its own when there is none.',
    retryable: true,
    exitCode: 3,
  },
  'environment.network-lost': {
    message: 'The connection broke while {activity}: {reason}.',
    remedy: 'Check the connection and run `forge env setup` again: what is already there is not fetched twice.',
    windowRemedy: 'Check the connection and go on with the set-up: what is already there is not fetched twice.',
    retryable: true,
    exitCode: 3,
  },
  'environment.offline': {
    message: 'Forge is switched to offline, and {activity} needs packages that are not on this machine yet.',
    remedy:
      'For the set-up, put `offline = false` under [network] in config.toml (and unset FORGE_NETWORK_OFFLINE), then run `forge env setup` again.',
    windowRemedy:
      'For the set-up, switch offline off under Settings, General (and unset FORGE_NETWORK_OFFLINE), then start it again.',
    retryable: true,
    exitCode: 3,
  },
  'environment.disk-full': {
    message: 'Not enough disk space for the Python environment in {path}: about {needed} are needed, {free} are free.',
    remedy: 'Free some space or move FORGE_HOME to another disk, then run `forge env setup` again.',
    windowRemedy: 'Free some space or move FORGE_HOME to another disk, then go on with the set-up.',
    retryable: true,
    exitCode: 3,
  },
  'environment.not-writable': {
    message: 'Forge may not write in {path}: {reason}.',
    remedy: 'Give yourself write permission there, or choose another folder with --home or FORGE_HOME.',
    retryable: false,
    exitCode: 3,
  },
  'environment.hash-mismatch': {
    message: 'A downloaded package is not the one Forge was tested with ({detail}).',
    remedy:
      'Run `uv cache clean` and then `forge env setup` again; if it comes back, the package source you use changes files: choose another.',
    windowRemedy:
      'Run `uv cache clean` and start the set-up again; if it comes back, the package source you use changes files: choose another.',
    retryable: true,
    exitCode: 3,
  },
  'environment.no-build': {
    message: 'There is no build of a needed package for this machine ({detail}).',
    remedy: 'Use a 64-bit Linux, Windows or Apple Silicon machine with Python {minimum} to {maximum}.',
    retryable: false,
    exitCode: 3,
  },
  'environment.install-failed': {
    message: 'The Python packages could not be installed: {detail}.',
    remedy: 'Run `forge env repair`; if it fails again, report the log {log}.',
    windowRemedy: 'Repair the environment (Settings, Environments); if it fails again, report the log {log}.',
    retryable: true,
    exitCode: 3,
  },
  'environment.probe-failed': {
    message: 'The installed Python environment does not work: the {stage} failed ({detail}).',
    remedy: 'Run `forge env repair`, which builds it anew from the files already downloaded.',
    windowRemedy:
      'Repair the environment (Settings, Environments), which builds it anew from the files already downloaded.',
    retryable: true,
    exitCode: 3,
  },
  'environment.not-ready': {
    message: 'The Python environment "{profile}" is not set up (next stage: {stage}).',
    remedy: 'Run `forge env setup`.',
    windowRemedy: 'Set it up under Settings, Environments.',
    retryable: true,
    exitCode: 3,
  },
  'environment.busy': {
    message: 'Another set-up of the Python environment "{profile}" is running (process {pid}).',
    remedy: 'Wait for it to end, then try again.',
    retryable: true,
    exitCode: 3,
  },
  'environment.in-use': {
    message: 'The Python environment "{profile}" is in use: work that waits or runs needs it.',
    remedy: 'Wait until the work is over or cancel it, then try again.',
    retryable: true,
    exitCode: 3,
  },
  'environment.cancelled': {
    message: 'The set-up of the Python environment "{profile}" was stopped during the stage {stage}.',
    remedy: 'Run `forge env setup` to go on where it stopped.',
    windowRemedy: 'Start the set-up again: it goes on where it stopped.',
    retryable: true,
    exitCode: 4,
  },
  'network.offline': {
    message: 'Forge is switched to offline, so {purpose} was not started.',
    remedy: 'Put `offline = false` under [network] in config.toml (and unset FORGE_NETWORK_OFFLINE), then try again.',
    windowRemedy: 'Switch offline off under Settings, General (and unset FORGE_NETWORK_OFFLINE), then try again.',
    retryable: true,
    exitCode: 3,
  },
  'network.unreachable': {
    message: '{host} did not answer while {purpose}: {reason}.',
    remedy: 'Check the connection (and the proxy settings, if you use one), then try again.',
    retryable: true,
    exitCode: 3,
  },
  'network.lost': {
    message: 'The connection to {host} broke while {purpose}, after {bytes} bytes.',
    remedy: 'Try again: what has arrived is kept, and the transfer goes on from there.',
    retryable: true,
    exitCode: 3,
  },
  'network.insecure-redirect': {
    message: '{host} sent Forge on to an address that is not encrypted ({target}); it was not followed.',
    remedy: 'Use another source; if it is a server of your own, give it https.',
    retryable: false,
    exitCode: 3,
  },
  'network.answer-too-large': {
    message: 'The answer of {host} is larger than the {maximumBytes} bytes expected of it.',
    remedy: 'Check the address; if it is right, report this.',
    retryable: false,
    exitCode: 1,
  },
});
