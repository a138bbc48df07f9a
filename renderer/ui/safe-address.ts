/** An address from a model's text, when it leads to an https page; else empty. Keeps out `javascript:`, `file:`, names and passwords. */
export function safeAddress(address: string): string {
  let parsed: URL;
  try {
    parsed = new URL(address);
  } catch {
    return ''; // not an absolute address: it would lead into Forge itself
  }
  return parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '' ? parsed.href : '';
}
