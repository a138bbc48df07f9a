/** One piece of personal data or one secret: [start, end) in UTF-16 units of the text. */
export interface PiiFinding {
  /** One of `piiKinds`, or the kind of a pack's detector. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}
