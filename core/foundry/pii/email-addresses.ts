import type { PiiFinding } from './finding.ts';
import { isWordUnit } from './number-groups.ts';

const [longestLocal, longestDomain] = [64, 253];
const localPart = /^[\p{L}\p{N}_%+'-]+(?:\.[\p{L}\p{N}_%+'-]+)*$/u;
const latinDomain = domainOf('\\p{sc=Latin}');
const anyDomain = domainOf('\\p{L}\\p{M}');

/** Labels and a top level of these letters; letters of another script right after it (まで in Japanese) belong to the sentence. */
function domainOf(letters: string): RegExp {
  const label = `[${letters}0-9](?:[${letters}0-9-]{0,61}[${letters}0-9])?`;
  return new RegExp(`^(?:${label}\\.)+(?:xn--[a-z0-9-]{2,59}|[${letters}]{2,24})(?![${letters}0-9_])`, 'iu');
}

/** Top levels that name nobody (RFC 2606), and endings of files: icon@2x.png. */
const noPerson =
  /\.(?:invalid|test|example|localhost|local|png|jpe?g|gif|svg|webp|ico|css|scss|js|mjs|ts|tsx|json|md|py|html)$/i;

function isLocalUnit(unit: number): boolean {
  return isWordUnit(unit) || unit === 0x2e || unit === 0x2b || unit === 0x2d || unit === 0x25 || unit === 0x27;
}

/** The address around an at sign (RFC 5321 in the forms that people use), or null. */
export function emailAt(text: string, at: number): PiiFinding | null {
  let start = at;
  while (start > 0 && at - start < longestLocal && isLocalUnit(text.charCodeAt(start - 1))) start -= 1;
  while (start < at && !/[\p{L}\p{N}_%+]/u.test(text.charAt(start))) start += 1;
  if (!localPart.test(text.slice(start, at)) || isUserOfUrl(text, start)) return null;
  const rest = text.slice(at + 1, at + 1 + longestDomain);
  const domain = (latinDomain.exec(rest) ?? anyDomain.exec(rest))?.[0];
  if (domain === undefined || noPerson.test(domain)) return null;
  const end = at + 1 + domain.length;
  // The address of a repository: git@host.org:owner/name.
  if (text.slice(start, at) === 'git' && /[:/]/.test(text.charAt(end))) return null;
  return { kind: 'email', start, end };
}

/** The user or password before the host of a URL: https://user:word@host.org. */
function isUserOfUrl(text: string, start: number): boolean {
  return /:\/\/[^\s/@]*$/.test(text.slice(Math.max(0, start - longestLocal), start));
}
