import { ibanOf, luhnDigit } from './check-digits.ts';
import { alphanumeric, capitals, digits, grouped, hex, type Maker, nonZero, small } from './drawn-text.ts';
import type { Draw } from './seeded-random.ts';

const base64Url = `${alphanumeric}-_`;
const firstNames = 'anna ben chloe david elif fatima george hana ivan julia kofi lena mateo nina omar'.split(' ');
const lastNames = 'adams becker costa dubois evans fischer garcia haddad ito jansen kowalski lopez moreau'.split(' ');
const hosts =
  'gmail.com outlook.com gmx.de orange.fr uni-ulm.de mail.yahoo.co.jp example.com firma.at tele2.nl protonmail.ch empresa.es studio.design sub.dept.example.org'.split(
    ' ',
  );

function email(draw: Draw): string {
  const [first, last] = [draw.pick(firstNames), draw.pick(lastNames)];
  const local = draw.pick([
    `${first}.${last}`,
    `${first}${draw.below(100)}`,
    `${first.charAt(0)}${last}`,
    `${first}_${last}`,
    `${first}+news`,
    `${first}-${last}`,
    `${first}.o'${last}`,
  ]);
  return `${local}@${draw.pick(hosts)}`;
}

function card(draw: Draw): string {
  const [prefix, length] = draw.pick([
    ['4', 16],
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['2720', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['65', 16],
    ['3530', 16],
    ['36', 14],
    ['62', 16],
    ['4', 19],
  ] as const);
  const body = prefix + draw.letters(digits, length - prefix.length - 1);
  return body + luhnDigit(body);
}

function writtenCard(draw: Draw): string {
  const number = card(draw);
  const shapes: Readonly<Record<number, readonly number[]>> = {
    14: [4, 6, 4],
    15: [4, 6, 5],
    16: [4, 4, 4, 4],
    19: [4, 4, 4, 4, 3],
  };
  return grouped(number, shapes[number.length] ?? [number.length], draw.pick([' ', '-', ' ', '']));
}

const ibans: readonly (readonly [country: string, account: (draw: Draw) => string])[] = [
  ['DE', (draw) => draw.letters(digits, 18)],
  ['AT', (draw) => draw.letters(digits, 16)],
  ['CH', (draw) => draw.letters(digits, 17)],
  ['FR', (draw) => draw.letters(digits, 23)],
  ['ES', (draw) => draw.letters(digits, 20)],
  ['IT', (draw) => draw.letters(capitals, 1) + draw.letters(digits, 22)],
  ['NL', (draw) => draw.letters(capitals, 4) + draw.letters(digits, 10)],
  ['GB', (draw) => draw.letters(capitals, 4) + draw.letters(digits, 14)],
  ['PL', (draw) => draw.letters(digits, 24)],
  ['NO', (draw) => draw.letters(digits, 11)],
  ['MT', (draw) => draw.letters(capitals, 4) + draw.letters(digits, 5) + draw.letters(capitals + digits, 18)],
];

function iban(draw: Draw): string {
  const [country, account] = draw.pick(ibans);
  const whole = ibanOf(country, account(draw));
  return draw.below(3) === 0 ? whole : (whole.match(/.{1,4}/g) ?? []).join(' ');
}

function socialSecurity(draw: Draw): readonly [string, string, string] {
  const area = 1 + draw.below(899);
  return [
    String(area === 666 ? 667 : area).padStart(3, '0'),
    String(1 + draw.below(99)).padStart(2, '0'),
    String(1 + draw.below(9999)).padStart(4, '0'),
  ];
}

function publicAddress(draw: Draw): string {
  const first = draw.pick([5, 8, 23, 34, 46, 52, 62, 77, 81, 91, 95, 104, 130, 151, 178, 185, 194, 212]);
  return [first, 1 + draw.below(250), draw.below(256), 1 + draw.below(254)].join('.');
}

function publicAddress6(draw: Draw): string {
  const prefix = draw.pick(['2a00:1450', '2606:4700', '2001:4860', '2a02:908', '2600:1f18', '2400:cb00', '2003:e5']);
  const part = (): string => (1 + draw.below(65_535)).toString(16);
  return draw.pick([
    `${prefix}::${part()}`,
    `${prefix}:${part()}::${part()}`,
    `${prefix}:${part()}:${part()}:${part()}:${part()}:${part()}:${part()}`,
    `${prefix.toUpperCase()}::${part().toUpperCase()}`,
  ]);
}

function american(draw: Draw): readonly [string, string, string] {
  const code = (): string => `${2 + draw.below(8)}${draw.below(10)}${2 + draw.below(8)}`;
  return [code(), code(), draw.letters(digits, 4)];
}

function internationalPhone(draw: Draw): string {
  const rest = (length: number): string => draw.letters(nonZero, 1) + draw.letters(digits, length - 1);
  return draw.pick([
    () => `+49 ${rest(3)} ${rest(7)}`,
    () => `+49${rest(10)}`,
    () => `+33 ${rest(1)} ${grouped(draw.letters(digits, 8), [2, 2, 2, 2], ' ')}`,
    () => `+44 20 ${rest(4)} ${rest(4)}`,
    () => `+34 6${grouped(draw.letters(digits, 8), [2, 3, 3], ' ')}`,
    () => `+39 06 ${rest(8)}`,
    () => `+81-90-${rest(4)}-${rest(4)}`,
    () => `+86 138 ${rest(4)} ${rest(4)}`,
    () => `+55 11 9${rest(4)}-${rest(4)}`,
    () => `+31 6 ${rest(8)}`,
    () => `+41 44 ${grouped(rest(7), [3, 2, 2], ' ')}`,
    () => `+43 (0)1 ${rest(7)}`,
    () => `+1 ${american(draw).join(draw.pick([' ', '-', '.']))}`,
    () => `+1${american(draw).join('')}`,
    () => `0049 ${rest(3)} ${rest(7)}`,
    () => `+351 9${grouped(draw.letters(digits, 8), [2, 3, 3], ' ')}`,
    () => `+91 98${draw.letters(digits, 3)} ${rest(5)}`,
  ])();
}

function americanPhone(draw: Draw): string {
  const [area, exchange, line] = american(draw);
  return draw.pick([
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `1-${area}-${exchange}-${line}`,
    `(${area})${exchange}-${line}`,
  ]);
}

function nationalPhone(country: 'de' | 'fr' | 'gb' | 'es' | 'it' | 'jp' | 'br'): Maker {
  return (draw) => {
    const rest = (length: number): string => draw.letters(nonZero, 1) + draw.letters(digits, length - 1);
    const forms: Readonly<Record<typeof country, readonly (() => string)[]>> = {
      de: [
        () => `030 ${rest(7)}`,
        () => `0171/${rest(7)}`,
        () => `0211-${rest(6)}`,
        () => `(0731) ${rest(6)}`,
        () => `0${rest(10)}`,
      ],
      fr: [
        () => `0${1 + draw.below(9)} ${grouped(draw.letters(digits, 8), [2, 2, 2, 2], ' ')}`,
        () => `06.${grouped(draw.letters(digits, 8), [2, 2, 2, 2], '.')}`,
      ],
      gb: [() => `020 ${rest(4)} ${rest(4)}`, () => `07${draw.letters(digits, 3)} ${rest(6)}`],
      es: [
        () => `6${grouped(draw.letters(digits, 8), [2, 3, 3], ' ')}`,
        () => `91 ${rest(3)} ${draw.letters(digits, 4)}`,
      ],
      it: [() => `06 ${rest(8)}`, () => `3${draw.letters(digits, 2)} ${rest(7)}`],
      jp: [() => `03-${rest(4)}-${rest(4)}`, () => `090-${rest(4)}-${rest(4)}`],
      br: [() => `(11) 9${rest(4)}-${rest(4)}`],
    };
    return draw.pick(forms[country])();
  };
}

function apiKey(draw: Draw): string {
  const any = (length: number): string => draw.letters(alphanumeric, length);
  return draw.pick([
    () => `sk-proj-${draw.letters(base64Url, 47)}a`,
    () => `sk-ant-api03-${draw.letters(base64Url, 92)}b`,
    () => `sk-${any(48)}`,
    () => `ghp_${any(36)}`,
    () => `github_pat_${any(22)}_${any(59)}`,
    () => `glpat-${any(20)}`,
    () => `AKIA${draw.letters(`${capitals}234567`, 16)}`,
    () => `AIza${draw.letters(base64Url, 34)}c`,
    () => `xoxb-${draw.letters(digits, 11)}-${draw.letters(digits, 12)}-${any(24)}`,
    () => `hf_${draw.letters(`${small}${capitals}`, 34)}`,
    () => `sk_live_${any(24)}`,
    () => `npm_${any(36)}`,
    () => `SG.${any(22)}.${any(43)}`,
    () => `gsk_${any(52)}`,
  ])();
}

function toBase64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function jwt(draw: Draw): string {
  const header = toBase64Url(JSON.stringify({ alg: draw.pick(['HS256', 'RS256', 'ES256']), typ: 'JWT' }));
  const payload = toBase64Url(
    JSON.stringify({ sub: draw.letters(digits, 10), iat: 1_700_000_000 + draw.below(9_999_999) }),
  );
  return `${header}.${payload}.${draw.letters(base64Url, 42)}d`;
}

function privateKey(draw: Draw): string {
  const name = draw.pick([
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ]);
  const lines = Array.from({ length: 2 + draw.below(3) }, () => draw.letters(`${alphanumeric}+/`, 64));
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`].join('\n');
}

/** What a label names: `{email}`, `{phone:de}`. */
export const labelledValues: Readonly<Record<string, Maker>> = {
  email,
  'phone:int': internationalPhone,
  'phone:us': americanPhone,
  'phone:local': (draw) => `${american(draw)[1]}-${draw.letters(digits, 4)}`,
  'phone:de': nationalPhone('de'),
  'phone:fr': nationalPhone('fr'),
  'phone:gb': nationalPhone('gb'),
  'phone:es': nationalPhone('es'),
  'phone:it': nationalPhone('it'),
  'phone:jp': nationalPhone('jp'),
  'phone:br': nationalPhone('br'),
  ipv4: publicAddress,
  ipv6: publicAddress6,
  card: writtenCard,
  iban,
  ssn: (draw) => socialSecurity(draw).join('-'),
  'ssn:plain': (draw) => socialSecurity(draw).join(draw.pick(['', ' '])),
  'api-key': apiKey,
  'api-key:named': (draw) =>
    draw.pick([draw.letters(alphanumeric, 32), draw.letters(hex, 32), draw.letters(base64Url, 43) + 'Z']),
  jwt,
  'private-key': privateKey,
};
