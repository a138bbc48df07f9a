/** The kinds that are always looked for (D-13). Packs add kinds of their own. */
export const piiKinds = [
  'email',
  'phone',
  'ipv4',
  'ipv6',
  'card',
  'iban',
  'ssn',
  'api-key',
  'private-key',
  'jwt',
] as const;
export type PiiKind = (typeof piiKinds)[number];

/** One piece of personal data or one secret: [start, end) in UTF-16 units of the text. */
export interface PiiFinding {
  /** One of `piiKinds`, or the kind of a pack's detector. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}
