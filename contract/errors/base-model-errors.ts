import { defineErrors } from './define-errors.ts';

export const baseModelErrors = defineErrors({
  'base-model.unknown': {
    message:
      'There is no base model called "{id}", and no folder or GGUF file of that name. The nearest are: {nearest}.',
    remedy: 'Choose one from `forge base list`, or give the path of a folder or a .gguf file.',
    windowRemedy: 'Choose one from the list, or give the path of a folder or a .gguf file.',
    retryable: false,
    exitCode: 2,
  },
  'base-model.not-a-model': {
    message: '{path} is not a base model: {reason}.',
    remedy: 'Give a .gguf file, or a folder with config.json, tokenizer.json and .safetensors files.',
    retryable: false,
    exitCode: 2,
  },
  'base-model.family-not-supported': {
    message: '{path} holds a model of the family "{family}". Supported are: {supported}.',
    remedy: 'Choose a base model of a supported family (`forge base list`).',
    windowRemedy: 'Choose a base model of a supported family.',
    retryable: false,
    exitCode: 2,
  },
  'base-model.no-chat-template': {
    message: '{path} has no chat template: it does not say where a question ends and an answer begins.',
    remedy: 'Choose the instruct or chat variant of this model, or put its chat_template.jinja into the folder.',
    retryable: false,
    exitCode: 2,
  },
  'base-model.gated': {
    message: 'The publisher of {repository} asks for consent before a download ({reason}).',
    remedy:
      'Accept the licence on the page of {repository}, make a read token there, and enter it with `forge secrets set {secret}`.',
    windowRemedy:
      'Accept the licence on the page of {repository}, make a read token there, and enter it under Settings, Providers and keys, as {secret}.',
    retryable: true,
    exitCode: 3,
  },
  'base-model.not-on-hub': {
    message: 'The hub has no {repository} at "{revision}".',
    remedy: 'Choose another base model (`forge base list`), or give a folder on this disk.',
    windowRemedy: 'Choose another base model, or give a folder on this disk.',
    retryable: false,
    exitCode: 2,
  },
  'base-model.hub-refused': {
    message: 'The hub answered {status} while {purpose}.',
    remedy: 'Wait some minutes and try again: what has arrived is kept.',
    retryable: true,
    exitCode: 3,
  },
  'base-model.hub-answer-not-usable': {
    message: 'The hub described {repository} in a way Forge does not accept: {reason}.',
    remedy: 'Choose another base model, or download this one yourself and give its folder.',
    retryable: false,
    exitCode: 1,
  },
  'base-model.digest-mismatch': {
    message: '{file} of {id} did not arrive as it was published (its SHA-256 differs); it was deleted.',
    remedy: 'Try again; if it comes back, something between you and the source changes files.',
    retryable: true,
    exitCode: 3,
  },
  'base-model.disk-full': {
    message: 'Not enough disk space for {id} in {path}: {needed} are needed, {free} are free.',
    remedy: 'Free some space or move FORGE_HOME to another disk, then try again: what has arrived is kept.',
    retryable: true,
    exitCode: 3,
  },
  'base-model.package-not-usable': {
    message: 'The Python package with {id} did not hold what was expected ({reason}).',
    remedy: 'Try again; if it comes back, choose another base model (`forge base list`).',
    windowRemedy: 'Try again; if it comes back, choose another base model.',
    retryable: true,
    exitCode: 3,
  },
  'base-model.not-to-be-had': {
    message: '{id} is not on this disk and could not be fetched. {attempts}.',
    remedy: 'Check the connection and try again, or give the path of a folder or a .gguf file.',
    retryable: true,
    exitCode: 3,
  },
  'base-model.catalogue-damaged': {
    message: 'The catalogue of base models ({path}) cannot be read: {reason}.',
    remedy: 'Install Forge again; the file came with it.',
    retryable: false,
    exitCode: 1,
  },
  'base-model.list-damaged': {
    message: 'The list of your own base models ({path}) cannot be read: {reason}.',
    remedy: 'Correct or remove that file; the models themselves are untouched.',
    retryable: false,
    exitCode: 3,
  },
  'base-model.name-taken': {
    message: 'There is a base model called "{id}" already.',
    remedy: 'Give another name with --name.',
    windowRemedy: 'Choose another name.',
    retryable: false,
    exitCode: 2,
  },
});
