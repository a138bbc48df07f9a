/** A licence as it was found; `text` null where the package ships none. */
export interface FoundLicence {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  readonly text: string | null;
}
