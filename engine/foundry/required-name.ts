import { isReservedDatasetName } from '#contract/dataset-names.ts';
import { ForgeError } from '#contract/errors.ts';
import type { FoundryKind } from './job-protocol.ts';

/** Jobs that make a version of the name they are started with. */
const making: readonly FoundryKind[] = ['import', 'documents', 'freeze', 'script'];

/** Refuses a name that no dataset can have, before anything is read or fetched. @throws ForgeError foundry.name-reserved */
export function requireFreeName({ kind, name }: { readonly kind: FoundryKind; readonly name: string }): void {
  if (making.includes(kind) && isReservedDatasetName(name)) throw new ForgeError('foundry.name-reserved', { name });
}
