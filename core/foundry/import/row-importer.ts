import type { FieldMapping } from '#contract/dataset-versions.ts';
import type { RejectReason } from '#contract/datasets.ts';
import { canonicalRow, rowKinds, type CanonicalRow, type CanonicalSource, type CheckFlag } from '#contract/rows.ts';
import { say } from '#contract/sentences.ts';
import { isObject, type JsonObject } from '../../datasets/convert-record.ts';
import type { CutRecord } from '../record-source.ts';
import { promptTextOf } from '../row-texts.ts';
import { contentRefusal } from './check-content.ts';
import { cleanContent } from './clean-content.ts';
import { convertByShape } from './convert-shapes.ts';
import { convertMapped } from './mapped-record.ts';
import { createFactsReader, type RecordFacts } from './record-facts.ts';
import type { RowContent, RowDraft, RowFormat } from './row-content.ts';
import { contentId, promptGroup, type Digest } from './row-identity.ts';
import { teacherTerms } from './teacher-terms.ts';
import { unwrapRecord } from './unwrap-record.ts';

/** What holds for every record of one file. */
export interface ImportSettings {
  /** Name of the file as rows are to name it; never an absolute path. */
  readonly uri: string;
  readonly sourceType: CanonicalSource['type'];
  /** Columns of a CSV or columnar file. */
  readonly columns: readonly string[];
  readonly mapping: FieldMapping | null;
  /** For rows that bring no system message. */
  readonly systemPrompt: string | null;
  readonly domain: string | null;
  readonly licence: string | null;
  /** `provider/model`. */
  readonly teacher: string | null;
  readonly digest: Digest;
}

export type ImportOutcome =
  | {
      readonly kind: 'row';
      readonly row: CanonicalRow;
      readonly format: RowFormat;
      /** The id it had in the file. */ readonly givenId: string | undefined;
    }
  | { readonly kind: 'rejected'; readonly reason: RejectReason; readonly message: string };

/** A record as it counts: one that was cut out of the file, or one of those inside a wrapper. */
export interface TakenRecord {
  readonly record: CutRecord;
  readonly outcome: ImportOutcome;
}

/** Makes canonical rows of the records of one file. Pure: the same record gives the same row. */
export interface RowImporter {
  take(record: CutRecord): ImportOutcome;
  /** What becomes of a record: itself, or each of those inside it where it is a wrapper. Preview and import both ask this, so they agree. */
  takeAll(record: CutRecord): readonly TakenRecord[];
}

function rejected(reason: RejectReason, message: string): ImportOutcome {
  return { kind: 'rejected', reason, message };
}

function objectOf(record: Extract<CutRecord, { kind: 'fields' | 'value' }>, columns: readonly string[]): unknown {
  if (record.kind === 'value') return record.value;
  const names = columns.length === 0 ? ['text'] : columns;
  return Object.fromEntries(names.map((name, index) => [name, record.fields[index] ?? '']));
}

function withSystem(content: RowContent, systemPrompt: string | null): RowContent {
  if (systemPrompt === null || content.kind === 'text') return content;
  const system = { role: 'system', content: systemPrompt } as const;
  if ('messages' in content)
    return content.messages[0]?.role === 'system' ? content : { ...content, messages: [system, ...content.messages] };
  return content.prompt[0]?.role === 'system' ? content : { ...content, prompt: [system, ...content.prompt] };
}

/** A row that Forge wrote: it keeps its group, source and flags; its id is made again of its content. */
function ownRow(value: JsonObject, digest: Digest): ImportOutcome | undefined {
  const isLikely = rowKinds.some((kind) => kind === value['kind']) && isObject(value['source']) && 'group' in value;
  const parsed = isLikely ? canonicalRow.safeParse(value) : undefined;
  if (parsed?.success !== true) return undefined;
  const row = parsed.data;
  const refusal = contentRefusal(row);
  if (refusal !== undefined) return rejected(refusal.reason, refusal.message);
  return { kind: 'row', row: { ...row, id: contentId(row, digest) }, format: 'forge-row', givenId: undefined };
}

export function createRowImporter(settings: ImportSettings): RowImporter {
  const { mapping, digest, columns } = settings;
  const factsOf = createFactsReader(mapping);

  function convert(object: JsonObject): ReturnType<typeof convertByShape> {
    return mapping === null ? convertByShape(object) : convertMapped(object, mapping);
  }

  const importer: RowImporter = {
    takeAll: (record) => unwrapRecord(record, mapping).map((one) => ({ record: one, outcome: importer.take(one) })),
    take(record) {
      if (record.kind === 'bad') return rejected(record.reason, record.message);
      const object = objectOf(record, columns);
      if (!isObject(object)) return rejected('NOT_OBJECT', say('dataset.row-not-object'));
      const own = mapping === null ? ownRow(object, digest) : undefined;
      if (own !== undefined) return own;
      const draft = convert(object);
      if (!draft.ok) return rejected(draft.refusal.reason, draft.refusal.message);
      const flags = new Set<string>(record.flags);
      const content = withSystem(cleanContent(draft.value.content, flags), settings.systemPrompt);
      const refusal = contentRefusal(content);
      if (refusal !== undefined) return rejected(refusal.reason, refusal.message);
      const facts = factsOf(object);
      const row = makeRow({ draft: draft.value, content, facts, flags, record }, settings);
      return { kind: 'row', row, format: draft.value.format, givenId: facts.id };
    },
  };
  return importer;
}

interface RowParts {
  readonly draft: RowDraft;
  readonly content: RowContent;
  readonly facts: RecordFacts;
  readonly flags: ReadonlySet<string>;
  readonly record: Pick<CutRecord, 'line' | 'byteOffset'>;
}

function given<Key extends string, Value>(key: Key, value: Value | undefined | null): { [K in Key]?: Value } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { [K in Key]: Value });
}

/** Keys stand in one order always: the same row is the same bytes. */
function makeRow({ draft, content, facts, flags, record }: RowParts, settings: ImportSettings): CanonicalRow {
  const { digest, uri, sourceType } = settings;
  const id = contentId(content, digest);
  const licence = facts.licence ?? settings.licence ?? undefined;
  const teacher = facts.teacher ?? draft.teacher ?? settings.teacher ?? undefined;
  const terms = teacher === undefined ? undefined : teacherTerms(teacher, licence);
  const source: CanonicalSource = {
    type: sourceType,
    uri,
    line: record.line,
    byte_offset: record.byteOffset,
    ...given('id', facts.id),
    ...given('licence', licence),
    ...given('teacher', teacher),
    ...given('teacher_terms', terms),
  };
  const checkFlags: CheckFlag[] = [...flags].map((code) => ({ check: 'import', code }));
  const row: CanonicalRow = {
    ...({ id, ...content } as CanonicalRow),
    ...given('domain', settings.domain),
    ...given('category', facts.category),
    ...given('lang', facts.lang),
    group: '',
    source,
    training_eligible:
      facts.eligible ?? (terms === undefined || terms === 'allows' ? true : terms === 'review' ? 'review' : false),
    flags: checkFlags,
  };
  row.group = facts.group ?? promptGroup(promptTextOf(row), id, digest);
  return row;
}
