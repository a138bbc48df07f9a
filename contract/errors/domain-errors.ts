import { defineErrors } from './define-errors.ts';

/** Domain packs and their files. */
export const domainErrors = defineErrors({
  'domain.unknown': {
    message: 'There is no domain {id}. There are: {known}.',
    remedy: 'Name one of these, or make it with `forge domain new {id}`.',
    windowRemedy: 'Choose one of these.',
    retryable: false,
    exitCode: 2,
  },
  'domain.exists': {
    message: 'There is a domain {id} already: {file}.',
    remedy: 'Choose another id, or change that file.',
    retryable: false,
    exitCode: 2,
  },
  'domain.invalid': {
    message: '{file} is not a domain pack: {problems}.',
    remedy: 'Mend the file. {changes}.',
    retryable: false,
    exitCode: 2,
  },
});
