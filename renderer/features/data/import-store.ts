import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FieldMapping, FoundryJob, ImportRequest } from '#contract/dataset-versions.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ImportPreview } from '#contract/import-preview.ts';
import { failureOf, newRequestId, type EngineAccess } from '../../connection/engine-access.ts';
import { createQuestion, notLoaded, type Loaded } from '../create/loaded.ts';
import { sendFile as sendOverHttp, type SendFile } from '../create/send-file.ts';
import { createBringing, type Bringing, type Brought } from './bring-files.ts';
import { nameFor } from './dataset-rows.ts';

/** What is to be imported, and how it is to be read. */
export interface ImportDraft extends Omit<ImportRequest, 'paths' | 'teacher'> {
  readonly paths: readonly string[];
  /** What a person calls it: the file's or the folder's name. */
  readonly label: string;
  /** Its text is taken in passages, instead of records by their places. */
  readonly asDocuments: boolean;
}

export interface ImportState {
  readonly draft: ImportDraft | null;
  readonly bringing: Bringing;
  readonly preview: Loaded<ImportPreview>;
  /** Of the records in the preview, the one whose row is shown. */
  readonly record: number;
  readonly isStarting: boolean;
  readonly failure: ForgeErrorData | null;
  /** The import that was started last. */
  readonly job: string | null;
  /** Paths on the engine's machine. */
  beginWith(paths: readonly string[], label: string): Promise<void>;
  send(files: readonly File[]): Promise<void>;
  sendFolder(label: string, files: readonly File[]): Promise<void>;
  fetchHub(source: string, label: string): Promise<void>;
  choosePart(source: string): void;
  stopBringing(): void;
  refuse(label: string, failure: ForgeErrorData): void;
  /** Changes the draft; the preview follows. */
  change(change: Partial<ImportDraft>): Promise<void>;
  chooseRecord(record: number): void;
  look(): Promise<void>;
  /** Null when it could not be started; `failure` says why. */
  start(): Promise<FoundryJob | null>;
  forget(): void;
}

export function createImportStore(engine: EngineAccess): StoreApi<ImportState> {
  return createImportStoreWith(engine, sendOverHttp);
}

/** What decides rows: a change of it is looked at anew. */
const lookedAt = ['paths', 'mapping', 'encoding', 'delimiter', 'hasHeader', 'systemPrompt'] as const;

/** For tests: files are handed over by `sendFile`. */
export function createImportStoreWith(engine: EngineAccess, sendFile: SendFile): StoreApi<ImportState> {
  const store: StoreApi<ImportState> = createStore<ImportState>((set, get) => {
    const bringing = createBringing(engine, sendFile, (state) => store.setState({ bringing: state }));
    const begin = async (brought: Brought | null): Promise<void> => {
      if (brought !== null) await get().beginWith(brought.paths, brought.label);
    };
    return {
      ...empty,
      async beginWith(paths, label) {
        set({ ...empty, draft: draftOf(paths, label) });
        if (paths.every(isDocument)) return get().change({ asDocuments: true });
        await get().look();
        // A folder that holds no table may hold documents.
        if (get().preview.failure?.code === 'dataset.folder-without-examples')
          await get().change({ asDocuments: true });
        await useSuggestion(store, { isMemoryAsked: true });
      },
      send: async (files) => begin(await bringing.send(files)),
      sendFolder: async (label, files) => begin(await bringing.sendFolder(label, files)),
      fetchHub: async (source, label) => begin(await bringing.fetchHub(source, label)),
      choosePart: bringing.choosePart,
      stopBringing: bringing.stop,
      refuse: bringing.refuse,
      async change(change) {
        const { draft } = get();
        if (draft === null) return;
        set({ draft: { ...draft, ...change }, failure: null });
        if (lookedAt.some((key) => key in change)) await get().look();
        if (change.mapping === null) await useSuggestion(store, { isMemoryAsked: false });
      },
      chooseRecord: (record) => set({ record }),
      ...lookingAt(engine, () => store),
      start: () => start(engine, store),
      forget: () => set(empty),
    };
  });
  return store;
}

const empty = {
  draft: null,
  bringing: { kind: 'idle' },
  preview: notLoaded,
  record: 0,
  isStarting: false,
  failure: null,
  job: null,
} as const;

/** Files whose text is read, not their records; what can be either (a text file, say) is looked into first. */
function isDocument(path: string): boolean {
  return /\.(pdf|docx|html?|md|markdown)$/i.test(path);
}

function draftOf(paths: readonly string[], label: string): ImportDraft {
  return {
    paths,
    label,
    asDocuments: false,
    name: nameFor(label),
    mapping: null,
    encoding: null,
    delimiter: null,
    hasHeader: null,
    systemPrompt: null,
    licence: null,
    domain: null,
  };
}

function lookingAt(engine: EngineAccess, store: () => StoreApi<ImportState>) {
  const question = createQuestion<ImportPreview>((change) =>
    store().setState(({ preview }) => ({ preview: change(preview) })),
  );
  return {
    async look(): Promise<void> {
      const { draft } = store().getState();
      if (draft === null) return;
      const { paths, mapping, encoding, delimiter, hasHeader, systemPrompt } = draft;
      const input = { paths: [...paths], mapping, encoding, delimiter, hasHeader, systemPrompt };
      const seen = await question.ask((signal) => engine.call((client) => client.foundry.preview(input, { signal })));
      const { record } = store().getState();
      if (seen !== null && record >= seen.records.length) store().setState({ record: 0 });
    },
  };
}

/** Where no record is understood as it is, what the columns seem to be is tried at once: a person then only confirms it. */
async function useSuggestion(
  store: StoreApi<ImportState>,
  { isMemoryAsked }: { readonly isMemoryAsked: boolean },
): Promise<void> {
  const { draft, preview, change } = store.getState();
  const seen = preview.value;
  if (draft === null || draft.mapping !== null || seen === null) return;
  if (isMemoryAsked && seen.remembered !== undefined) return change({ mapping: seen.remembered.mapping });
  if (seen.format === null && Object.keys(seen.suggested).length > 0) await change({ mapping: seen.suggested });
}

/** Whether a person has chosen places otherwise than they were found. */
export function isOwnMapping({ mapping }: ImportDraft, { suggested }: ImportPreview): boolean {
  if (mapping === null) return false;
  const places = new Set([...Object.keys(mapping), ...Object.keys(suggested)]) as ReadonlySet<keyof FieldMapping>;
  return [...places].some((place) => mapping[place] !== suggested[place]);
}

/** The mapping that is in force: the person's, else what was found by the columns' names. */
export function mappingInForce(draft: ImportDraft, preview: ImportPreview | null): FieldMapping {
  return draft.mapping ?? preview?.suggested ?? {};
}

async function start(engine: EngineAccess, store: StoreApi<ImportState>): Promise<FoundryJob | null> {
  const { draft } = store.getState();
  if (draft === null) return null;
  const { label: _label, asDocuments, paths, ...rest } = draft;
  const { name, domain, licence } = rest;
  const request = { ...rest, paths: [...paths], teacher: null };
  const asText = { paths: [...paths], name, domain, licence };
  store.setState({ isStarting: true, failure: null });
  try {
    const requestId = newRequestId();
    const job = await engine.call((client) =>
      asDocuments
        ? client.documents.import({ request: asText, requestId })
        : client.foundry.import({ request, requestId }),
    );
    store.setState({ job: job.id, isStarting: false });
    return job;
  } catch (error) {
    store.setState({ isStarting: false, failure: failureOf(error) });
    return null;
  }
}
