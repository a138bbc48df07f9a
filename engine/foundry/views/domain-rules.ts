import type { ShownDomain } from '#contract/domain-packs.ts';
import type { PiiPack } from '#core/foundry/pii/pii-pack.ts';

export interface DomainRules {
  /** Domains that do not freeze a version while findings are undecided. */
  readonly guardedDomains: string[];
  /** Detectors that a domain switches on; a domain without any is not there. */
  readonly ofDomains: Record<string, PiiPack[]>;
}

/** What domain packs say about personal data (D-13). One that cannot be read is taken at its strictest: every detector, and reviewed. */
export function domainRules(domains: readonly ShownDomain[], packs: readonly PiiPack[]): DomainRules {
  const detectors = domains.map(({ id, pack }): [string, PiiPack[]] => [
    id,
    packs.filter((one) => pack === null || pack.data.pii_packs.includes(one.id)),
  ]);
  return {
    guardedDomains: domains.filter(({ pack }) => pack === null || pack.data.pii_review).map(({ id }) => id),
    ofDomains: Object.fromEntries(detectors.filter(([, own]) => own.length > 0)),
  };
}
