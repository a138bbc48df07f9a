import { z } from 'zod';

/** A dataset of the hub as a person names it: `hf:owner/name[@revision][:configuration[/split]]`. */
export interface HubSource {
  /** `owner/name`. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Null: the only one there is, or `default`. */
  readonly configuration: string | null;
  /** Null: the training split, or the only one there is. */
  readonly split: string | null;
}

const namePart = String.raw`[A-Za-z0-9][\w.-]{0,95}`;
const written = new RegExp(
  String.raw`^hf:(?:\/\/)?(?:datasets\/)?(${namePart}\/${namePart})(?:@([\w.-][\w.\/-]{0,98}))?(?::([\w.+-]{1,96})(?:\/([\w.+-]{1,96}))?)?$`,
  'i',
);
/** A dataset's page, or one part of it in the hub's own viewer. */
const page = new RegExp(
  String.raw`^https:\/\/huggingface\.co\/datasets\/(${namePart}\/${namePart})(?:\/tree\/([\w.-]{1,99})|\/viewer\/([\w.+-]{1,96})(?:\/([\w.+-]{1,96}))?)?\/?(?:[?#].*)?$`,
  'i',
);

const usualRevision = 'main';

/** Null for what names no dataset of the hub. */
export function parseHubSource(text: string): HubSource | null {
  const found = written.exec(text.trim()) ?? page.exec(text.trim());
  const [, repository, revision = usualRevision, configuration = null, split = null] = found ?? [];
  const isSound = repository !== undefined && !revision.split('/').includes('..');
  return isSound ? { repository, revision, configuration, split } : null;
}

/** The one way to write a source. */
export function hubSourceText({ repository, revision, configuration, split }: HubSource): string {
  const at = revision === usualRevision ? '' : `@${revision}`;
  const part = configuration === null ? '' : `:${configuration}${split === null ? '' : `/${split}`}`;
  return `hf:${repository}${at}${part}`;
}

const count = z.number().int().nonnegative();

/** Files of one configuration and split. */
export const hubPart = z.object({
  configuration: z.string(),
  split: z.string(),
  files: count,
  sizeBytes: count,
  /** Endings of its files: `parquet`, `jsonl` ... */
  formats: z.array(z.string()),
});
export type HubPart = z.infer<typeof hubPart>;

/** What a dataset of the hub consists of, before anything of it is fetched. */
export const hubListing = z.object({
  repository: z.string(),
  revision: z.string(),
  /** 40 hex digits: what the revision is now. */
  commit: z.string(),
  /** Its own files cannot be read; these are the Parquet files that the hub makes of every dataset. */
  isConverted: z.boolean(),
  parts: z.array(hubPart),
  /** The part that is fetched when nothing else is said, as a source; null where a person has to choose. */
  suggested: z.string().nullable(),
});
export type HubListing = z.infer<typeof hubListing>;

export const hubFetchEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), file: z.string(), doneBytes: count, totalBytes: count }),
  /** `source` names the part that is here now: `foundry.preview` and `foundry.import` take it as a path. */
  z.object({ kind: z.literal('done'), source: z.string(), files: count, sizeBytes: count }),
]);
export type HubFetchEvent = z.infer<typeof hubFetchEvent>;
