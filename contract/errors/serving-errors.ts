import { defineErrors } from './define-errors.ts';

export const servingErrors = defineErrors({
  'serving.busy': {
    message: 'The model server is busy: {running} answers run and {waiting} wait, which is the limit.',
    remedy: 'Try again in {retryAfterSeconds} seconds.',
    retryable: true,
    exitCode: 1,
  },
  'serving.file-not-usable': {
    message: 'The model file {path} cannot be served: {reason}.',
    remedy: 'Export the model again, or choose another file.',
    retryable: false,
    exitCode: 2,
  },
  'serving.not-enough-memory': {
    message: 'Serving {path} needs about {neededMegabytes} MB of memory, {freeMegabytes} MB are free.',
    remedy: 'Close other programs, choose a smaller file or a shorter context, then try again.',
    retryable: true,
    exitCode: 3,
  },
  'serving.load-failed': {
    message: 'The model file {path} did not load: {reason}.',
    remedy: 'Run the same `forge train` again: it checks every file and makes a damaged one anew.',
    windowRemedy: 'Go on with its run under Runs: it checks every file and makes a damaged one anew.',
    retryable: false,
    exitCode: 1,
  },
  'serving.no-runtime': {
    message: 'The built-in llama.cpp could not be started on this machine: {reason}.',
    remedy: 'Install Forge again for this system (its optional packages are missing or do not fit).',
    retryable: false,
    exitCode: 3,
  },
  'serving.address-not-usable': {
    message: 'The server cannot listen on {host}: this machine has no such address.',
    remedy: 'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for every address it has.',
    retryable: false,
    exitCode: 2,
  },
  'serving.stopped-listening': {
    message: 'The server stopped listening on {host}:{port} by itself ({reason}).',
    remedy: 'Start it again.',
    retryable: true,
    exitCode: 3,
  },
  'serving.key-from-environment': {
    message: 'The key of the server comes from the variable FORGE_SECRET_SERVING_KEY of the engine.',
    remedy: 'Change it there, then stop the engine and start it again.',
    retryable: false,
    exitCode: 2,
  },
  'serving.nothing-loaded': {
    message: 'No model is loaded in the model server.',
    remedy: 'Load a model first, then ask again.',
    retryable: true,
    exitCode: 2,
  },
  'serving.unknown-model': {
    message: 'There is no served model called {model}.',
    remedy: 'List the models with `forge models list`, or make one with `forge quickstart`.',
    windowRemedy: 'Choose one under Models, or train one under Create.',
    retryable: false,
    exitCode: 2,
  },
  'serving.crashed': {
    message: 'The model server process ended in the middle of the work ({reason}).',
    remedy: 'Send the request again: the server starts anew by itself.',
    retryable: true,
    exitCode: 1,
  },
  'serving.keeps-crashing': {
    message: 'The model server ended {crashes} times in a row and waits {waitSeconds} seconds before the next try.',
    remedy: 'Wait that long, then try again. If it goes on, the file may not fit this machine.',
    retryable: true,
    exitCode: 1,
  },
  'serving.prompt-too-long': {
    message: 'The conversation has {promptTokens} tokens, the model is loaded with room for {contextTokens}.',
    remedy: 'Shorten the conversation, or load the model with a longer context.',
    retryable: false,
    exitCode: 2,
  },
  'serving.no-chat-template': {
    message: 'The file {path} carries no chat template, and Forge does not guess one.',
    remedy: 'Export the model again so that the template it was trained with is inside the file.',
    retryable: false,
    exitCode: 2,
  },
  'serving.template-refused': {
    message: 'The chat template of the model refused the conversation: {reason}.',
    remedy: 'Send messages in the order that the template expects (usually user and assistant in turn).',
    retryable: false,
    exitCode: 2,
  },
  'serving.cancelled': {
    message: 'The answer was cancelled.',
    remedy: 'Nothing to do: ask again when you want.',
    retryable: true,
    exitCode: 4,
  },
  'serving.ollama-absent': {
    message: 'Ollama does not answer at {host}.',
    remedy: 'Install and start Ollama, or set OLLAMA_HOST. Forge serves without it as well.',
    retryable: true,
    exitCode: 3,
  },
  'serving.ollama-too-old': {
    message: 'Ollama {version} is too old, {minimum} or later is needed.',
    remedy: 'Update Ollama, then deploy again.',
    retryable: true,
    exitCode: 3,
  },
  'serving.ollama-disk-full': {
    message: 'Ollama has no room on its disk for {name} ({neededMegabytes} MB).',
    remedy: 'Free some space on the disk that holds the Ollama models, then deploy again.',
    retryable: true,
    exitCode: 3,
  },
  'serving.ollama-failed': {
    message: 'Ollama could not {action} {name}: {reason}.',
    remedy: 'Read the log of Ollama, then deploy again. Nothing half-made was left behind.',
    retryable: true,
    exitCode: 1,
  },
  'serving.template-unknown': {
    message: 'The chat template of this model cannot be given to Ollama: {reason}.',
    remedy: 'Serve the model with the built-in server, which uses the template itself.',
    retryable: false,
    exitCode: 2,
  },
  'serving.deploy-differs': {
    message:
      'Ollama answers differently from the measured file: prompt lengths equal on {promptsEqual} of {total}, answers in agreement on {answersAgreeing} of {total} ({needed} needed).',
    remedy: 'The model was removed from Ollama again. Serve it with the built-in server.',
    retryable: false,
    exitCode: 1,
  },
});
