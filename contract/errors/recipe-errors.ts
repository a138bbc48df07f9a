import { defineErrors } from './define-errors.ts';

export const recipeErrors = defineErrors({
  'recipe.out-of-range': {
    message: '{setting} is {value}; it must be {range}.',
    remedy: 'Give a value in that range, or leave it out: then Forge chooses one and says why.',
    retryable: false,
    exitCode: 2,
  },
  'recipe.method-not-here': {
    message: 'The method {method} does not run on this machine ({device}): {reason}.',
    remedy: 'Leave the method out, or choose {instead}.',
    retryable: false,
    exitCode: 2,
  },
  'recipe.does-not-fit': {
    message:
      'Training this model with {method} needs about {needed} of memory even at the smallest batch; {available} are there.',
    remedy: '{suggestion}.',
    retryable: false,
    exitCode: 3,
  },
  'recipe.too-long': {
    message: 'The wanted length of {maxLength} tokens is more than the {contextLength} this model can read.',
    remedy: 'Ask for at most {contextLength} tokens, or choose a model with a longer context.',
    retryable: false,
    exitCode: 2,
  },
  'recipe.impossible': {
    message: '{setting} cannot be {value} here: {reason}.',
    remedy: 'Change {setting}, or leave it out: then Forge chooses one and says why.',
    retryable: false,
    exitCode: 2,
  },
});
