import { useEffect, useMemo } from 'react';
import type { ShownDomain } from '#contract/domain-packs.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { basesHere, createChoicesStore, type BaseChoice } from '../choices-store.ts';

const none: readonly never[] = [];

/** The domain packs, as they are when the page opens; none while they are read. */
export function useDomains(): readonly ShownDomain[] {
  const domains = useStoreOf(createChoicesStore, (state) => state.domains.value);
  const read = useStoreOf(createChoicesStore, (state) => state.readDomains);
  useEffect(() => void read(), [read]);
  return domains ?? none;
}

/** The base models on this disk; none while they are read. */
export function useBasesHere(): readonly BaseChoice[] {
  const bases = useStoreOf(createChoicesStore, (state) => state.bases.value);
  const read = useStoreOf(createChoicesStore, (state) => state.readBases);
  useEffect(() => void read(), [read]);
  return useMemo(() => basesHere(bases ?? none), [bases]);
}
