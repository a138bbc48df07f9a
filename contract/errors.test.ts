import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorRegistry, ForgeError, type ErrorDefinition } from './errors.ts';

test('an error fills the places of its sentences and carries its remedy', () => {
  const error = new ForgeError('engine.port-taken', { port: 18793, host: '127.0.0.1' });
  assert.deepEqual(
    { message: error.message, remedy: error.remedy, retryable: error.retryable, exitCode: error.exitCode },
    {
      message: 'Port 18793 on 127.0.0.1 is taken by another program.',
      remedy:
        'Stop that program, or choose another port: with --port, with FORGE_SERVER_PORT, or under [server] in config.toml.',
      retryable: true,
      exitCode: 3,
    },
  );
});

test('every error in the registry is a sentence with a remedy, in plain words', () => {
  const entries: [string, ErrorDefinition][] = Object.entries(errorRegistry);
  assert.ok(entries.length > 8, 'the registry was seen');
  const faulty = entries.filter(
    ([code, { message, remedy }]) =>
      !/^[a-z-]+\.[a-z0-9-]+$/.test(code) ||
      !/[.?]$/.test(message) ||
      !/[.?)`]$/.test(remedy) ||
      /oops|!/i.test(message + remedy),
  );
  assert.deepEqual(faulty, []);
});

/** Met where no window is open yet, or where only a terminal helps. */
const terminalOnly = new Set([
  'engine.protocol-mismatch',
  'engine.not-authorised',
  'engine.home-in-use',
  'engine.home-not-writable',
  'environment.not-writable',
  'storage.database-newer',
  'storage.database-damaged',
]);

test('a remedy that speaks of commands says something else to someone at the window', () => {
  const entries: [string, ErrorDefinition][] = Object.entries(errorRegistry);
  const commands = /`forge |--[a-z]|same command/;
  const odd = entries.filter(
    ([code, { remedy, windowRemedy }]) =>
      !terminalOnly.has(code) &&
      ((commands.test(remedy) && windowRemedy === undefined) || commands.test(windowRemedy ?? '')),
  );
  assert.deepEqual(
    odd.map(([code]) => code),
    [],
  );
});

test('the remedy for the window travels with the error, filled', () => {
  const error = new ForgeError('secret.missing', { purpose: 'this', name: 'hf_token' });
  assert.equal(error.windowRemedy, 'Enter it under Settings, Providers and keys, as hf_token, then try again.');
  assert.equal(new ForgeError('comparison.running').windowRemedy, null);
});
