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
