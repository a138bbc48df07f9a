export const linkScheme = 'forge';

const placePattern = /^(home|welcome|create|runs|compare|models|server|settings)(\/[\w.:%~-]{1,200}){0,3}$/;

/** `forge://runs/support-v3` as the address in the window, `#/runs/support-v3`; null for anything that is no place of Forge. */
export function linkToPlace(link: string): string | null {
  if (!link.startsWith(`${linkScheme}://`) || link.length > 500) return null;
  const place = link.slice(`${linkScheme}://`.length).replace(/\/+$/, '');
  if (place === '' || place === 'home') return '#/';
  return placePattern.test(place) ? `#/${place}` : null;
}

/** The link among the words of a second start, if there is one. */
export function placeOfArguments(words: readonly string[]): string | null {
  const link = words.find((word) => word.startsWith(`${linkScheme}://`));
  return link === undefined ? null : linkToPlace(link);
}
