import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowedHost, isOwnAddress } from './host-allow-list.ts';

test('the address that the connection came to is a name of this machine, any other is not', () => {
  const rows: [header: string | undefined, local: string | undefined, expected: boolean][] = [
    ['192.168.1.5:18793', '192.168.1.5', true],
    ['192.168.1.5', '::ffff:192.168.1.5', true],
    ['[fe80::1]:18793', 'fe80::1', true],
    ['192.168.1.6:18793', '192.168.1.5', false],
    ['evil.example:18793', '192.168.1.5', false],
    ['192.168.1.5.evil.example', '192.168.1.5', false],
    [undefined, '192.168.1.5', false],
    ['', undefined, false],
  ];
  for (const [header, local, expected] of rows) assert.equal(isOwnAddress(header, local), expected, header);
});

test('a name that the person opened is allowed beside the loopback ones, and no part of it', () => {
  assert.deepEqual(
    ['forge-box:18793', 'FORGE-BOX', 'localhost', 'box', 'forge-box.evil.example'].map((host) =>
      isAllowedHost(host, ['forge-box']),
    ),
    [true, true, true, false, false],
  );
});
