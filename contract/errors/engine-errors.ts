import { defineErrors } from './define-errors.ts';

export const engineErrors = defineErrors({
  'engine.protocol-mismatch': {
    message:
      'The engine that runs is of another version of Forge (it speaks protocol {engine}, this side speaks {client}).',
    remedy: 'End it with `forge stop`, then try again: the right one starts by itself, and training that runs goes on.',
    windowRemedy:
      'Load the window again. If that changes nothing, end the engine with `forge stop` and open Forge anew.',
    retryable: false,
    exitCode: 3,
  },
  'engine.not-authorised': {
    message: 'The engine refused the connection: the token is missing or wrong.',
    remedy: 'Open the address that `forge ui` printed, with its token.',
    retryable: false,
    exitCode: 3,
  },
  'engine.home-in-use': {
    message: 'Another engine (process {pid}) already works in {home}.',
    remedy: 'Use that one, stop it with `forge stop`, or choose another folder with --home.',
    retryable: true,
    exitCode: 3,
  },
  'engine.home-not-writable': {
    message: 'Forge cannot write in {home}: {reason}.',
    remedy: 'Give yourself write permission there, or choose another folder with --home or FORGE_HOME.',
    retryable: false,
    exitCode: 3,
  },
  'engine.start-failed': {
    message: 'The engine did not start: {reason}.',
    remedy: 'Read {log}, then try again.',
    retryable: true,
    exitCode: 3,
  },
  'engine.configuration-damaged': {
    message: 'The settings cannot be used: {place} {reason}.',
    remedy: '{action}.',
    retryable: false,
    exitCode: 3,
  },
  'engine.disk-full': {
    message: 'The disk is full: {path} could not be written.',
    remedy:
      'Free some space or move FORGE_HOME to another disk, then run the same command again: it goes on where it stopped.',
    windowRemedy: 'Free some space or move FORGE_HOME to another disk, then try again: it goes on where it stopped.',
    retryable: true,
    exitCode: 3,
  },
  'engine.not-loopback': {
    message: 'The server may listen on {host} only while requests need a key.',
    remedy:
      'Require the key first (`forge server key --required on`), or use 127.0.0.1, which only this machine can reach.',
    windowRemedy: 'Require the key first (page Server), or use 127.0.0.1, which only this machine can reach.',
    retryable: false,
    exitCode: 2,
  },
  'engine.port-taken': {
    message: 'Port {port} on {host} is taken by another program.',
    remedy:
      'Stop that program, or choose another port: with --port, with FORGE_SERVER_PORT, or under [server] in config.toml.',
    windowRemedy: 'Stop that program, or choose another port on the page Server.',
    retryable: true,
    exitCode: 3,
  },
  'engine.not-found': {
    message: 'There is no {kind} called {id}.',
    remedy: 'List what there is with `forge {command} list`.',
    windowRemedy: 'Look in the list at what there is.',
    retryable: false,
    exitCode: 2,
  },
  'engine.bad-input': {
    message: 'The request is not valid: {reason}.',
    remedy: 'Correct the named field and send it again.',
    retryable: false,
    exitCode: 2,
  },
  'engine.window-not-built': {
    message: 'The engine runs, but its window was not built yet.',
    remedy: 'Run npm start in the folder of Forge: it builds the window and opens it. Then load this page again.',
    retryable: true,
    exitCode: 3,
  },
  'engine.bug': {
    message: 'Something went wrong inside Forge ({correlationId}).',
    remedy: 'Look for that id in the engine log and report it.',
    retryable: false,
    exitCode: 1,
  },
});
