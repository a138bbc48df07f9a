import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAliveBy, parseEngineAddress } from './engine-address.ts';

const address = { pid: 5, port: 4000, token: 'abc', protocol: 2, version: '0.1.0' };

test('an address is read, also one of a later version with more in it', () => {
  assert.deepEqual(parseEngineAddress(JSON.stringify({ ...address, more: true })), address);
});

test('what is no address is none: nothing, half a file, wrong parts, far too much', () => {
  const wrong = [{ pid: 0 }, { port: 70_000 }, { token: '' }, { protocol: 'two' }, { url: 'nowhere' }];
  for (const text of [
    '',
    '{"pid": 5',
    'null',
    ...wrong.map((part) => JSON.stringify({ ...address, ...part })),
    JSON.stringify({ ...address, more: 'x'.repeat(70_000) }),
  ])
    assert.equal(parseEngineAddress(text), null, text.slice(0, 60));
});

test('a process lives when a signal reaches it, or may not', () => {
  const refusing = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  assert.deepEqual(
    [isAliveBy(() => true), isAliveBy(refusing('EPERM')), isAliveBy(refusing('ESRCH'))],
    [true, true, false],
  );
});
