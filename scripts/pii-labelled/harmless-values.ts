import { ibanOf, isbnDigit, luhnDigit } from './check-digits.ts';
import { alphanumeric, capitals, digits, grouped, hex, type Maker, nonZero } from './drawn-text.ts';
import type { Draw } from './seeded-random.ts';

/** Sixteen digits that a reader of numbers alone would not take for a card: no issuer begins like this. */
function sixteenDigits(draw: Draw): string {
  return draw.letters(nonZero, 1) + draw.letters(digits, 15);
}

function wrongIban(draw: Draw): string {
  const right = ibanOf('DE', draw.letters(digits, 18));
  const last = (Number(right.slice(-1)) + 1 + draw.below(8)) % 10;
  return `${right.slice(0, -1)}${last}`;
}

function publicKey(draw: Draw): string {
  const name = draw.pick(['PUBLIC KEY', 'CERTIFICATE', 'PGP SIGNATURE']);
  return `-----BEGIN ${name}-----\n${draw.letters(`${alphanumeric}+/`, 64)}\n-----END ${name}-----`;
}

function uuid(draw: Draw): string {
  return grouped(draw.letters(hex, 32), [8, 4, 4, 4, 12], '-');
}

function isbn(draw: Draw): string {
  const body = `978${draw.letters(digits, 9)}`;
  return draw.pick([grouped(body + isbnDigit(body), [3, 1, 2, 6, 1], '-'), body + isbnDigit(body)]);
}

const two = (value: number): string => String(value).padStart(2, '0');

function date(draw: Draw): string {
  const [year, month, day] = [1990 + draw.below(40), two(1 + draw.below(12)), two(1 + draw.below(28))];
  return draw.pick([`${year}-${month}-${day}`, `${day}.${month}.${year}`, `${month}/${day}/${year}`]);
}

function timestamp(draw: Draw): string {
  const time = `${two(draw.below(24))}:${two(draw.below(60))}:${two(draw.below(60))}`;
  return draw.pick([
    `2024-0${1 + draw.below(9)}-1${draw.below(10)}T${time}Z`,
    `2023-11-0${1 + draw.below(9)} ${time}.${draw.letters(digits, 6)}`,
    `2025-0${1 + draw.below(9)}-2${draw.below(9)}T${time}+02:00`,
    String(1_600_000_000 + draw.below(99_999_999)),
    String(1_600_000_000_000 + draw.below(999_999_999)),
    time,
  ]);
}

/** What looks alike and is none of it: `{~order}`. */
export const harmlessValues: Readonly<Record<string, Maker>> = {
  digits16: sixteenDigits,
  grouped16: (draw) => {
    const body = `${draw.pick(['4', '51', '6011'])}${draw.letters(digits, 11)}`.padEnd(15, '7');
    return grouped(body + ((Number(luhnDigit(body)) + 1 + draw.below(8)) % 10), [4, 4, 4, 4], ' ');
  },
  order: (draw) =>
    draw.pick([
      draw.letters(digits, 8),
      `${draw.letters(digits, 3)}-${draw.letters(digits, 7)}-${draw.letters(digits, 7)}`,
      `${draw.letters(capitals, 2)}${draw.letters(digits, 9)}`,
      `0${draw.letters(nonZero, 3)}-${draw.letters(digits, 6)}`,
    ]),
  version: (draw) =>
    draw.pick([
      `${draw.below(20)}.${draw.below(30)}.${draw.below(40)}`,
      `${1 + draw.below(20)}.${draw.below(30)}.${draw.below(40)}.${draw.below(99)}`,
    ]),
  semver: (draw) => `${draw.below(20)}.${draw.below(30)}.${draw.below(40)}`,
  dotted5: (draw) => Array.from({ length: 5 + draw.below(4) }, () => draw.below(200)).join('.'),
  isbn,
  date,
  timestamp,
  hash: (draw) => draw.letters(hex, draw.pick([7, 32, 40, 64])),
  uuid,
  privateip: (draw) =>
    draw.pick([
      `10.${draw.below(256)}.${draw.below(256)}.${draw.below(256)}`,
      `192.168.${draw.below(256)}.${draw.below(256)}`,
      `172.${16 + draw.below(16)}.${draw.below(256)}.${draw.below(256)}`,
      `127.0.0.${1 + draw.below(9)}`,
      `169.254.${draw.below(256)}.${draw.below(256)}`,
      '0.0.0.0',
      '255.255.255.0',
      `203.0.113.${draw.below(256)}`,
    ]),
  privateip6: (draw) =>
    draw.pick([
      `fe80::${draw.letters(hex, 4)}:${draw.letters(hex, 4)}`,
      '::1',
      `fd00:${draw.letters(hex, 4)}::1`,
      `2001:db8::${draw.letters(hex, 3)}`,
      'ff02::fb',
    ]),
  mac: (draw) => grouped(draw.letters(hex, 12), [2, 2, 2, 2, 2, 2], ':'),
  badip: (draw) => `${256 + draw.below(700)}.${draw.below(256)}.${draw.below(256)}.${draw.below(256)}`,
  badssn: (draw) =>
    draw.pick([
      `000-${draw.letters(nonZero, 2)}-${draw.letters(nonZero, 4)}`,
      `666-12-${draw.letters(nonZero, 4)}`,
      `9${draw.letters(digits, 2)}-${draw.letters(nonZero, 2)}-${draw.letters(nonZero, 4)}`,
      `123-00-${draw.letters(nonZero, 4)}`,
      `${draw.letters(nonZero, 3)}-45-0000`,
    ]),
  badiban: wrongIban,
  money: (draw) =>
    draw.pick([
      `${draw.below(999)},${draw.letters(digits, 3)}.${draw.letters(digits, 2)}`,
      `${draw.below(999)}.${draw.letters(digits, 3)}.${draw.letters(digits, 3)}`,
      `${1 + draw.below(99)} 000 000`,
    ]),
  range: (draw) => `${1000 + draw.below(500)}-${1600 + draw.below(400)}`,
  float: (draw) => `${draw.below(10)}.${draw.letters(digits, 15)}`,
  coordinates: (draw) => `${draw.below(90)}.${draw.letters(digits, 6)}, -${draw.below(180)}.${draw.letters(digits, 6)}`,
  publickey: publicKey,
  base64: (draw) => `${draw.letters(alphanumeric, 44)}==`,
};
