import { ForgeError } from '#contract/errors.ts';
import { isLoopback } from '#native-bridge/network/outbound.ts';

/**
 * The base address of a provider as it is kept: https, or http on this machine, without a slash at its end.
 * @throws ForgeError `provider.bad-address`
 */
export function readAddress(text: string): string {
  const refuse = (reason: string): ForgeError =>
    new ForgeError('provider.bad-address', { address: shown(text), reason });
  const url = URL.parse(text.trim());
  if (url === null) throw refuse('it is not a web address');
  if (url.username !== '' || url.password !== '')
    throw refuse('it holds a user name or password; a key is entered apart');
  if (url.search !== '' || url.hash !== '') throw refuse('a base address has no ? and no #');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw refuse('without encryption, key and prompts could be read on the way');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('it does not begin with https://');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A refused address may hold a password, so what stands before an @ is not repeated. */
function shown(text: string): string {
  return text
    .trim()
    .slice(0, 100)
    .replace(/\/\/[^/]*@/, '//...@');
}

/** Whether an address is on this machine: what answers there costs nothing. */
export function isOnThisMachine(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && isLoopback(url.hostname);
}
