import { z } from 'zod';
import type { CanonicalRow } from '#contract/rows.ts';
import { createPiiFinder } from './find-pii.ts';
import type { PiiFinding } from './finding.ts';
import { piiPack } from './pii-pack.ts';
import { findInRow, type RowPiiFinding } from './row-pii.ts';

/** Which packs of detectors look at rows beside the built-in ones (D-13). */
export const piiDetectors = z.object({
  /** At every row: those of the version's own domain, and those that were asked for. */
  packs: z.array(piiPack),
  /** By the domain that a row names itself: a collection may hold rows of several. */
  ofDomains: z.record(z.string(), z.array(piiPack)),
});
export type PiiDetectors = z.infer<typeof piiDetectors>;

/** The built-in detectors alone. */
export const builtInDetectors: PiiDetectors = { packs: [], ofDomains: {} };

/** A finder over rows, each looked at by the detectors that its domain switches on. Finders are made at their first use. */
export function createRowPiiFinder(
  { packs, ofDomains }: PiiDetectors,
  kinds?: readonly string[],
): (row: CanonicalRow) => readonly RowPiiFinding[] {
  const finders = new Map<string, (text: string) => readonly PiiFinding[]>();
  const finderFor = (domain: string): ((text: string) => readonly PiiFinding[]) => {
    const known = finders.get(domain);
    if (known !== undefined) return known;
    const own = Object.hasOwn(ofDomains, domain) ? (ofDomains[domain] ?? []) : [];
    const all = [...new Map([...packs, ...own].map((pack) => [pack.id, pack])).values()];
    const made = createPiiFinder({ packs: all, ...(kinds === undefined ? {} : { kinds }) });
    finders.set(domain, made);
    return made;
  };
  const usual = finderFor('');
  return (row) => findInRow(row, row.domain === undefined ? usual : finderFor(row.domain));
}
