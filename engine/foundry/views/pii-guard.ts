import type { DatasetVersion, ViewStep } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { asksForEveryKind } from '#core/foundry/filters/check-filters.ts';
import { createRowPiiFinder } from '#core/foundry/pii/domain-detectors.ts';
import type { VersionStore } from '#core/foundry/version-store.ts';
import type { StepResources } from './step-resources.ts';

const longestLineage = 100;

/** Watches the rows that a freeze would keep. */
export interface PiiGuard {
  see(row: CanonicalRow): void;
  /** @throws ForgeError foundry.pii-unreviewed */
  require(name: string): void;
}

export interface Lineage {
  /** Domain that the import named. */
  readonly domain: string | null;
  /** Steps of all versions before, and of this freeze. */
  readonly steps: readonly ViewStep[];
}

/** The steps and the domain that a version comes from; a removed ancestor ends it. */
export async function lineageOf(
  store: VersionStore,
  version: DatasetVersion,
  steps: readonly ViewStep[],
): Promise<Lineage> {
  const all = [...steps];
  let [domain, at]: [string | null, DatasetVersion | null] = [null, version];
  for (let count = 0; at !== null && count < longestLineage; count += 1) {
    all.push(...at.recipe.steps);
    domain ??= at.recipe.import?.domain ?? null;
    at = at.parent === null ? null : await store.read(at.parent).catch(() => null);
  }
  return { domain, steps: all };
}

/**
 * A finding is decided where a step masked, replaced or dropped its kind, or where a person let its row pass by id. A step that only marks for review decides
 * nothing. Fakes that took the place of a finding look like one, which is why kinds count here and not what stands in the text.
 */
export function createPiiGuard(
  { domain, steps }: Lineage,
  { detectors, guardedDomains }: Pick<StepResources, 'detectors' | 'guardedDomains'>,
): PiiGuard {
  const pii = steps.filter((step) => step.kind === 'pii');
  const deciding = pii.filter(({ action }) => action !== 'review');
  const isDecided = deciding.some(({ kinds: own }) => asksForEveryKind(own));
  const decided = new Set(deciding.flatMap(({ kinds: own }) => own));
  const accepted = new Set(pii.flatMap((step) => step.accepted ?? []));
  const find = createRowPiiFinder(detectors);
  const guardedOnes = new Set(guardedDomains);
  const kinds = new Set<string>();
  let [rows, guarded] = [0, ''];
  return {
    see(row) {
      const own = row.domain ?? domain ?? '';
      if (!guardedOnes.has(own) || isDecided || accepted.has(row.id)) return;
      const open = find(row).filter(({ kind }) => !decided.has(kind));
      if (open.length === 0) return;
      rows += 1;
      guarded = own;
      for (const { kind } of open) kinds.add(kind);
    },
    require(name) {
      if (rows > 0)
        throw new ForgeError('foundry.pii-unreviewed', { rows, name, kinds: [...kinds].join(', '), domain: guarded });
    },
  };
}
