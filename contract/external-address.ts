/** True for a page that may be opened from inside: https only. */
export function isExternalAddress(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:';
}
