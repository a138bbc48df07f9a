import { hashText } from '../../datasets/text-hash.ts';
import { passesLuhn } from './check-digits.ts';

/**
 * A value of the same kind that belongs to nobody, always the same for one value and seed. None of them is found again: addresses and numbers come from
 * ranges that are set aside, numbers with a check digit have a wrong one, secrets say what they are.
 */
export function fakeOf(kind: string, value: string, seed: number): string {
  const number = hashText(`${kind} ${value}`, seed);
  const make = fakes[kind];
  return make === undefined ? placeholderOf(kind, number) : make(value, number);
}

const givenNames = ['alex', 'charlie', 'jamie', 'jordan', 'kim', 'lee', 'morgan', 'robin', 'sam', 'taylor'];
const familyNames = ['arbor', 'brook', 'field', 'hill', 'lake', 'marsh', 'reed', 'stone', 'wood', 'wren'];

/** The top level `example` is set aside by RFC 2606. */
function fakeEmail(_: string, number: number): string {
  const [given, family] = [givenNames[number % 10] ?? '', familyNames[(number >>> 4) % 10] ?? ''];
  return `${given}.${family}${(number >>> 8) % 1000}@mail.example`;
}

/** Every digit after the first `keep` characters is replaced, everything else stays. */
function sameShape(value: string, number: number, keep: number): string {
  let at = 0;
  return value.replaceAll(/\d/g, (digit, place: number) =>
    place < keep ? digit : String(hashText(value, number ^ (at += 1)) % 10),
  );
}

/** The same issuer and form. With the wrong check digit: changing one digit always breaks Luhn's rule. */
function fakeCard(value: string, number: number): string {
  const faked = sameShape(value, number, 2);
  return passesLuhn(faked.replaceAll(/\D/g, '')) ? withOtherLastDigit(faked) : faked;
}

/** Check digits 00, which no account has, and zeros up to the last three digits. */
function fakeIban(value: string, number: number): string {
  let left = value.replaceAll(/\D/g, '').length;
  return value.replaceAll(/\d/g, () => ((left -= 1) < 3 ? String(Math.floor(number / 10 ** left) % 10) : '0'));
}

function withOtherLastDigit(value: string): string {
  return value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}

/** Areas from 900 on were never given out. */
function fakeSocialSecurity(value: string, number: number): string {
  return sameShape(value, number, 0).replace(/\d/, '9');
}

const fakes: Readonly<Record<string, (value: string, number: number) => string>> = {
  email: fakeEmail,
  card: fakeCard,
  iban: fakeIban,
  ssn: fakeSocialSecurity,
  // Ofcom sets these mobile numbers aside for films, RFC 5737 and RFC 3849 these addresses for documents.
  phone: (_, number) => `+44 7700 900${String(number % 1000).padStart(3, '0')}`,
  ipv4: (_, number) => `203.0.113.${1 + (number % 254)}`,
  ipv6: (_, number) => `2001:db8::${(number & 0xffff).toString(16)}:${(number >>> 16).toString(16)}`,
};

/** `<API_KEY_1>`: the mask of a value, counted in its conversation. */
export function placeholderOf(kind: string, number: number): string {
  return `<${maskNameOf(kind)}_${number}>`;
}

export function maskNameOf(kind: string): string {
  return kind.toUpperCase().replaceAll('-', '_');
}
