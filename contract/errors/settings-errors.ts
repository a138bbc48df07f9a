import { defineErrors } from './define-errors.ts';

export const settingsErrors = defineErrors({
  'settings.unknown-key': {
    message: 'There is no setting called {key}.',
    remedy: 'List them with `forge settings list`.',
    windowRemedy: 'Settings, General, shows those there are.',
    retryable: false,
    exitCode: 2,
  },
  'settings.not-usable': {
    message: 'The setting {key} cannot be {value}: {reason}.',
    remedy: 'Give it a value that fits; `forge settings list` shows what it is now.',
    windowRemedy: 'Give it a value that fits.',
    retryable: false,
    exitCode: 2,
  },
  'settings.set-by-environment': {
    message: 'The setting {key} is given by the variable {variable}, which wins over config.toml.',
    remedy: 'Unset that variable where the engine is started, start it anew, then set it here.',
    retryable: false,
    exitCode: 2,
  },
  'settings.not-editable': {
    message: 'The setting {key} stands in {path} in a form that Forge does not rewrite.',
    remedy: 'Change it there by hand: Forge only writes lines such as `port = 18793` under [server].',
    retryable: false,
    exitCode: 2,
  },
  'disk.unknown-part': {
    message: 'There is no part called {id} that could be cleaned.',
    remedy: 'List the parts with `forge storage`.',
    windowRemedy: 'Settings, Disk, shows the parts.',
    retryable: false,
    exitCode: 2,
  },
  'disk.kept': {
    message: 'Forge does not delete {label} here, because only you can say what of it you still want.',
    remedy: '{remedy}.',
    retryable: false,
    exitCode: 2,
  },
  'disk.in-use': {
    message: 'Nothing of {label} can be deleted now: {reason}.',
    remedy: 'Wait until the work is over or cancel it, then clean again.',
    retryable: true,
    exitCode: 2,
  },
});
