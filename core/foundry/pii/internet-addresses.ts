import type { PiiFinding } from './finding.ts';

const tokenUnit = /[0-9a-f:.]/i;
const longestToken = 45;
const group = /^[0-9a-f]{1,4}$/i;

function groupsOf(part: string): string[] | null {
  const groups = part === '' ? [] : part.split(':');
  return groups.every((each) => group.test(each)) ? groups : null;
}

/** The eight 16-bit numbers of an address (RFC 4291), or null. Forms that end with an IPv4 address are left out. */
function parseAddress(token: string): number[] | null {
  const [head = '', tail, ...more] = token.split('::');
  const [before, after] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)];
  if (before === null || after === null || more.length > 0) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after].map((each) => Number.parseInt(each, 16));
}

/** Global unicast, without what RFC 6890 sets aside (2001::/23) and the addresses of documents (2001:db8::/32, 3fff::/20). */
function isPublicAddress([first = 0, second = 0]: readonly number[]): boolean {
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2001) return second >= 0x0200 && second !== 0x0db8;
  return !(first === 0x3fff && second < 0x1000);
}

/** The public IPv6 address around a colon, or null; `end` is where the look can go on. */
export function addressAround(
  text: string,
  colon: number,
): { readonly finding: PiiFinding | null; readonly end: number } {
  let [start, end] = [colon, colon + 1];
  while (start > 0 && colon - start < longestToken && tokenUnit.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && end - start <= longestToken && tokenUnit.test(text.charAt(end))) end += 1;
  const whole = text
    .slice(start, end)
    .replace(/\.+$/, '')
    .replace(/(?<!:):$/, '');
  const address = /[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, start - 1), start)) ? null : parseAddress(whole);
  const follows = text.charAt(start + whole.length);
  if (address === null || !isPublicAddress(address) || /[\p{L}\p{N}_]/u.test(follows)) return { finding: null, end };
  return { finding: { kind: 'ipv6', start, end: start + whole.length }, end };
}
