/** What tokens of known services look like; a value that was never stored is caught by its shape. */
const shapes: readonly RegExp[] = [
  /\bhf_[A-Za-z0-9]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /(?<=\bBearer )[A-Za-z0-9._~+/-]{8,}=*/gi,
  /(?<=:\/\/[^/\s:@]{1,100}:)[^/\s@]{1,200}(?=@)/g,
];

/** Shorter values would blank out ordinary words. */
const shortestValue = 6;

/** Replaces known values (longest first, so that one inside another leaves nothing) and anything shaped like a token. */
export function redact(text: string, known: ReadonlyMap<string, string>): string {
  let clean = text;
  const entries = [...known]
    .filter(([, value]) => value.length >= shortestValue)
    .toSorted((a, b) => b[1].length - a[1].length);
  for (const [name, value] of entries) clean = clean.replaceAll(value, `[secret ${name}]`);
  for (const shape of shapes) clean = clean.replace(shape, '[secret]');
  return clean;
}
