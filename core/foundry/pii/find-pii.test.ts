import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPiiFinder } from './find-pii.ts';

const find = createPiiFinder();

/** Kinds and texts of what is found. */
function foundIn(text: string): string[] {
  return find(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

function assertFound(cases: readonly (readonly [text: string, ...expected: string[]])[]): void {
  for (const [text, ...expected] of cases) assert.deepEqual(foundIn(text), expected, text);
}

test('e-mail addresses, not user names, package versions, images, repositories, URLs with users or reserved names', () => {
  assertFound([
    ['Write to Anna.Lee+news@mail.example.co.uk.', 'email: Anna.Lee+news@mail.example.co.uk'],
    ["<o'neil@firm.org>, (x_1@y-z.io)", "email: o'neil@firm.org", 'email: x_1@y-z.io'],
    ['またはkai@uni-ulm.deまで', 'email: kai@uni-ulm.de'],
    ['jörg@bücher.de und иван@почта.рф', 'email: jörg@bücher.de', 'email: иван@почта.рф'],
    ['mailto:a@b.org?subject=x', 'email: a@b.org'],
    ['@anna react@18.2.0 icon@2x.png git@github.com:a/b.git https://u:pw@host.org/ a@host a@b.test a@-b.org .@b.org'],
  ]);
});

test('cards need an issuer, a length and Luhn; other 16-digit numbers, broken groups and order numbers are none', () => {
  assertFound([
    ['4111 1111 1111 1111 12/27', 'card: 4111 1111 1111 1111'],
    ['5555-5555-5555-4444', 'card: 5555-5555-5555-4444'],
    ['amex 3782 822463 10005, 378282246310005', 'card: 3782 822463 10005', 'card: 378282246310005'],
    ['diners 3056 930902 5904', 'card: 3056 930902 5904'],
    ['4111 1111 1111 1112'],
    ['9111111111111111 4111-1111 1111-1111 x4111111111111111 4111111111111111x 14111111111111111111'],
    ['Order no. 4111111111111111, card 4111111111111111', 'card: 4111111111111111'],
    ['/users/4111111111111111/posts 4111111111111111.5'],
  ]);
});

test('bank accounts need the length of their country and the check of ISO 7064', () => {
  assertFound([
    ['DE89 3704 0044 0532 0130 00 today', 'iban: DE89 3704 0044 0532 0130 00'],
    ['GB82WEST12345698765432', 'iban: GB82WEST12345698765432'],
    [
      'NO93 8601 1117 947, MT84MALT011000012345MTLCAST001S',
      'iban: NO93 8601 1117 947',
      'iban: MT84MALT011000012345MTLCAST001S',
    ],
    ['DE88 3704 0044 0532 0130 00'],
    ['DE89370400440532013 ZZ89370400440532013000 DE893704004405320130001'],
  ]);
});

test('social security numbers by area, group and serial; without dashes only where the text says so', () => {
  assertFound([
    ['123-45-6789', 'ssn: 123-45-6789'],
    ['SSN 123456789, ssn: 123 45 6789', 'ssn: 123456789', 'ssn: 123 45 6789'],
    ['000-45-6789 666-45-6789 900-45-6789 123-00-6789 123-45-0000 078-05-1120'],
    ['123 45 6789, 123456789, 1-123-45-6789, 123-45-6789-0'],
  ]);
});

test('public addresses only: private, special, documentation and impossible ones and versions are none', () => {
  assertFound([
    ['8.8.8.8, (185.220.101.4):443.', 'ipv4: 8.8.8.8', 'ipv4: 185.220.101.4'],
    ['http://1.1.1.1/ ip=9.9.9.9', 'ipv4: 1.1.1.1', 'ipv4: 9.9.9.9'],
    ['10.0.0.1 127.0.0.1 192.168.1.1 172.16.0.1 172.31.9.9 169.254.1.1 100.64.0.1 224.0.0.1 255.255.255.255 0.0.0.0'],
    ['192.0.2.4 198.51.100.1 203.0.113.9 198.18.0.1'],
    ['8.8.8.256 8.8.8 1.2.3.4.5 08.8.8.8 v8.8.8.8 version 8.8.8.8 numpy==8.8.8.8 8.8.8.8a'],
    ['172.32.0.1 100.63.1.1', 'ipv4: 172.32.0.1', 'ipv4: 100.63.1.1'],
    [
      '2606:4700:4700::1111 [2a00:1450:4001:81b:0:0:0:200e]:443',
      'ipv6: 2606:4700:4700::1111',
      'ipv6: 2a00:1450:4001:81b:0:0:0:200e',
    ],
    [
      '::1 fe80::1 fd00::8 ff02::1 2001:db8::1 2001::5 12:30:45 a:b:c std::vector 00:1b:44:11:3a:b7 2606::1::2 g606:4700::1',
    ],
  ]);
});

test('phone numbers: international, North American, national with trunk zero, or after a word that says so', () => {
  assertFound([
    ['+49 30 1234567', 'phone: +49 30 1234567'],
    ['(+43) 1 5871234', 'phone: (+43) 1 5871234'],
    ['+1 (415) 555-2671', 'phone: +1 (415) 555-2671'],
    ['(415) 555-2671, 415.555.2671', 'phone: (415) 555-2671', 'phone: 415.555.2671'],
    ['01 23 45 67 89, 030/1234567', 'phone: 01 23 45 67 89', 'phone: 030/1234567'],
    ['Tel. 1234567 und Fax: 555 1234', 'phone: 1234567', 'phone: 555 1234'],
    ['hotel 1234567, 415 555 2671, 911-555-2671, 115-555-2671'],
    ['2024-01-15, 15.01.2024, 01/15/2024 10:30, 1234567, 12,345,678, +0100, 0.0.5 / 2012-08-07'],
    ['order 0123-456789, ISBN 978-3-16-148410-0, 550e8400-e29b-41d4-a716-446655440000'],
  ]);
});

test('keys with a known beginning and a random rest, and random values of telling names; placeholders and words are none', () => {
  const rest = 'a8Kx0Zq3LmP9vT2rYb7NcW5dEfG1hJ4s6uQi';
  assertFound([
    [`key ghp_${rest}.`, `api-key: ghp_${rest}`],
    ['id AKIAIOSFODNN7EXAMPLE', 'api-key: AKIAIOSFODNN7EXAMPLE'],
    [`"sk-proj-${rest}"`, `api-key: sk-proj-${rest}`],
    [`API_KEY = "${rest}"`, `api-key: ${rest}`],
    [`Authorization: Bearer ${rest}`, `api-key: ${rest}`],
    [`sk-${'x'.repeat(40)} ghp_${'a'.repeat(36)} sk-learn-toggleable-content-label api_key = "YOUR_API_KEY_IS_HERE_1"`],
    [`api_key = settings.get_the_secret_value(1) password token ${rest}`],
  ]);
});

test('signed tokens whose header names an algorithm, and blocks of private keys, whole or cut off', () => {
  const [header, payload] = [{ alg: 'HS256' }, { sub: '1' }].map((part) =>
    btoa(JSON.stringify(part)).replaceAll('=', ''),
  );
  const token = `${header}.${payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r`;
  const block = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----';
  assertFound([
    [`Bearer ${token}, then`, `jwt: ${token}`],
    [`eyJzdWIiOiIxIn0.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27u`],
    [`a\n${block}\nb`, `private-key: ${block}`],
    [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r',
      'private-key: -----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r',
    ],
    ['-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----'],
  ]);
});

test('findings are in order, do not overlap and lie in the text, whatever the text is (property)', () => {
  const piece = fc.constantFrom(
    'a@b.org',
    '4111111111111111',
    ' ',
    '+49',
    '30',
    '123-45-6789',
    ':',
    '8.8.8.8',
    'eyJ',
    'sk-',
    '::',
    '2606:4700',
    '-----BEGIN ',
    'DE89',
    '(',
    ')',
    '.',
    '-',
    '🙂',
    'é',
    '\n',
    'tel ',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, (value) => {
      let end = 0;
      for (const finding of find(value)) {
        assert.ok(finding.start >= end && finding.end > finding.start && finding.end <= value.length);
        end = finding.end;
      }
    }),
    { numRuns: 2000, seed: 4 },
  );
});

test('no text makes the finder slow', () => {
  const hostile = [
    'a@',
    '1 ',
    'a:',
    ':',
    '1.',
    'eyJ',
    'sk-',
    'api_key=',
    '1-',
    'DE89 ',
    '+1',
    'ab:',
    'a@b.co ',
    'tel 1',
    '-----BEGIN RSA PRIVATE KEY-----',
  ];
  for (const piece of hostile) {
    const text = piece.repeat(Math.ceil(200_000 / piece.length));
    const began = performance.now();
    find(text);
    assert.ok(performance.now() - began < 5000, piece);
  }
});

test('only the kinds that are asked for are told', () => {
  const onlyMail = createPiiFinder({ kinds: ['email'] });
  assert.deepEqual(
    onlyMail('a@b.org 8.8.8.8').map(({ kind }) => kind),
    ['email'],
  );
});
