import { entropyBits } from './check-digits.ts';
import type { PiiFinding } from './finding.ts';
import { isWordUnit } from './number-groups.ts';

/** Beginnings of keys as their issuers document them (the lists of GitHub secret scanning and gitleaks), and the least length of what follows. */
const issuedKeys: readonly (readonly [prefix: string, leastLength: number])[] = [
  ['AKIA', 16],
  ['ASIA', 16],
  ['AIza', 35],
  ['ATATT3', 50],
  ['EAACEdEose0cBA', 20],
  ['GOCSPX-', 24],
  ['SG.', 40],
  ['dckr_pat_', 24],
  ['dop_v1_', 60],
  ['figd_', 30],
  ['ghp_', 36],
  ['gho_', 36],
  ['ghu_', 36],
  ['ghs_', 36],
  ['ghr_', 36],
  ['github_pat_', 40],
  ['glpat-', 20],
  ['gsk_', 40],
  ['hf_', 30],
  ['lin_api_', 30],
  ['npm_', 36],
  ['nvapi-', 50],
  ['pplx-', 40],
  ['pypi-', 50],
  ['r8_', 30],
  ['rk_live_', 20],
  ['sbp_', 36],
  ['shpat_', 32],
  ['sk-', 20],
  ['sk_live_', 20],
  ['sk_test_', 20],
  ['whsec_', 28],
  ['xai-', 60],
  ['xapp-', 30],
  ['xoxb-', 20],
  ['xoxp-', 20],
  ['xoxa-', 20],
  ['xoxs-', 20],
  ['ya29.', 30],
];
const longestKey = 300;
/** Bits a character: placeholders such as `xxxxxxxx` have less, random letters of base 32 about 3.5 over 16 characters. */
const leastEntropy = 3;
const leastEntropyOfNamed = 3.4;
const placeholder = /your|x{4}|\*{3}|\.{3}|placeholder|changeme|dummy|redacted/i;

const startBits = 12;
const starts = new Uint8Array(1 << startBits);

function startCode(first: number, second: number, third: number): number {
  return ((first * 31 + second) * 31 + third) & ((1 << startBits) - 1);
}
for (const [prefix] of issuedKeys)
  starts[startCode(prefix.charCodeAt(0), prefix.charCodeAt(1), prefix.charCodeAt(2))] = 1;
starts[startCode(0x65, 0x79, 0x4a)] = 1;

/** Whether a key or token could begin at a place: one look into a table, for every word of every text. */
export function couldBeginSecret(text: string, at: number): boolean {
  return starts[startCode(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2))] === 1;
}

function endOfKey(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start < longestKey && isKeyUnit(text.charCodeAt(end))) end += 1;
  // A full stop or a dash at the end belongs to the sentence.
  while (end > start && !isWordUnit(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

function isKeyUnit(unit: number): boolean {
  return unit < 128 && (isWordUnit(unit) || unit === 0x2d || unit === 0x2e);
}

/** A key with a known beginning and a random rest, or a signed token, at `start`. */
export function secretAt(text: string, start: number): PiiFinding | null {
  if (text.startsWith('eyJ', start)) return tokenAt(text, start);
  for (const [prefix, leastLength] of issuedKeys) {
    if (!text.startsWith(prefix, start)) continue;
    const end = endOfKey(text, start);
    const rest = text.slice(start + prefix.length, end);
    if (rest.length >= leastLength && isNoWords(rest) && isRandom(rest, leastEntropy))
      return { kind: 'api-key', start, end };
  }
  return null;
}

/** `sk-learn-is-no-key`: small letters and dashes alone are words. */
function isNoWords(rest: string): boolean {
  return /\d/.test(rest) || (/[A-Z]/.test(rest) && /[a-z]/.test(rest)) || /^[A-Z]+$/.test(rest);
}

function isRandom(key: string, least: number): boolean {
  return entropyBits(key) >= least && !placeholder.test(key);
}

const jsonWebToken = /^(eyJ[\w-]{8,})\.(eyJ[\w-]{2,}|[\w-]{8,})\.([\w-]{16,})/;
const longestToken = 8_192;

/** A JSON Web Token (RFC 7519): three parts, the first a header that names its algorithm. */
function tokenAt(text: string, start: number): PiiFinding | null {
  const found = jsonWebToken.exec(text.slice(start, start + longestToken));
  if (found === null || !decodeBase64Url(found[1] ?? '').includes('"alg"')) return null;
  return { kind: 'jwt', start, end: start + found[0].length };
}

const base64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The bytes as Latin-1 characters; enough to look for a name in JSON. */
function decodeBase64Url(encoded: string): string {
  let [decoded, bits, held] = ['', 0, 0];
  for (const letter of encoded) {
    bits = ((bits << 6) | base64Url.indexOf(letter)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    decoded += String.fromCharCode((bits >>> held) & 0xff);
  }
  return decoded;
}

const blockBegin = /^-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?)-----/;
const longestBlock = 32_768;

/** A block of a private key (RFC 7468, OpenSSH, PGP). One that is cut off goes to the end of the text. */
export function privateKeyAt(text: string, start: number): PiiFinding | null {
  const name = blockBegin.exec(text.slice(start, start + 80))?.[1];
  if (name === undefined) return null;
  const last = `-----END ${name}-----`;
  const found = text.indexOf(last, start);
  const end = found < 0 ? Math.min(text.length, start + longestBlock) : found + last.length;
  return { kind: 'private-key', start, end };
}

const secretName =
  /(?:api[_-]?key|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|access[_-]?token|auth[_-]?token|api[_-]?token|api[_-]?secret|authorization)["'`\s\])]*$/i;
const secretValue = /^[=:>\s]{0,4}["'`]?(?:Bearer |Token |Basic )?([A-Za-z0-9+/_-]{16,200}={0,2})(?![\w.(])/;

/** A random value that is assigned to a name such as `api_key`; `at` is the place of its `=` or `:`. */
export function namedSecretAt(text: string, at: number): PiiFinding | null {
  if (!secretName.test(text.slice(Math.max(0, at - 28), at))) return null;
  const found = secretValue.exec(text.slice(at, at + 230));
  const value = found?.[1];
  if (found === null || value === undefined) return null;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || !isRandom(value, leastEntropyOfNamed)) return null;
  const start = at + found[0].length - value.length;
  return { kind: 'api-key', start, end: start + value.length };
}
