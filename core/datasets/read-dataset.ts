import type {
  ColumnMapping,
  DatasetFormat,
  DatasetReport,
  DatasetRow,
  RejectedRow,
  RowFlag,
} from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { say } from '#contract/sentences.ts';
import { assignGroups } from './assign-groups.ts';
import { preferenceKind } from './column-names.ts';
import { convertRecord, isObject, type JsonObject } from './convert-record.ts';
import type { DatasetSource, SourceRecord } from './dataset-source.ts';
import { columnsUnknown, completeMapping, headerNames, maximumColumns } from './resolve-mapping.ts';
import { createRejectLedger, reasonsInWords, type RejectLedger } from './reject-ledger.ts';
import { createRowCollector, type RowCollector } from './row-collector.ts';
import { foldText, promptTextOf } from './row-parts.ts';

/** Fewer rows than this cannot be learned from and checked at the same time. */
export const minimumRows = 8;

export interface ReadDatasetOptions {
  /** Which columns are question, answer, system, group. What is left out is found by name. */
  readonly mapping?: ColumnMapping;
  /** System message for rows that bring none (a domain pack's). */
  readonly systemPrompt?: string;
  /** More rows than this are refused. Default 500,000. */
  readonly maximumRows?: number;
  /** Fewer usable rows are refused. Default `minimumRows`; 1 where the rows are one part of many. */
  readonly minimumRows?: number;
  /** Called for every rejected record, for a complete list on disk. */
  readonly onRejected?: (rejected: RejectedRow) => void;
}

export interface ReadDataset {
  readonly rows: DatasetRow[];
  readonly report: DatasetReport;
  /** Columns or keys in their order, at most 200; empty where the format has its places fixed. */
  readonly columns: readonly string[];
}

interface ReadState {
  readonly source: DatasetSource;
  readonly options: ReadDatasetOptions;
  readonly rejects: RejectLedger;
  readonly rows: RowCollector;
  readonly warnings: string[];
  readonly formats: Map<DatasetFormat, number>;
  mapping: ColumnMapping | null;
  header: readonly string[] | undefined;
  seen: number;
  /** Column names seen so far, for the error that lists them. */
  readonly columnsSeen: Set<string>;
}

function excerptOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200);
}

function refusePreferences(state: ReadState, columns: readonly string[], labelIsBoolean: boolean): void {
  const found = state.options.mapping === undefined ? preferenceKind(columns, labelIsBoolean) : undefined;
  if (found !== undefined) throw new ForgeError('dataset.unsupported-kind', { path: state.source.path, found });
}

function takeHeader(state: ReadState, fields: readonly string[]): void {
  const header = headerNames(fields, state.warnings);
  refusePreferences(state, header, false);
  const mapping = completeMapping(header, state.options.mapping, state.source.path);
  if (mapping === undefined) throw columnsUnknown(state.source.path, header);
  state.header = header;
  state.mapping = mapping;
}

function takeObject(state: ReadState, record: SourceRecord & { kind: 'fields' | 'value' }, object: JsonObject): void {
  const { line, flags } = record;
  const given = record.kind === 'fields' ? (state.mapping ?? undefined) : mappingForKeys(state, Object.keys(object));
  const converted = convertRecord(object, given);
  if (!converted.ok) {
    state.rejects.add({ line, ...converted.refusal, excerpt: excerptOf(object) });
    return;
  }
  const passage = record.kind === 'value' && record.text !== undefined ? { text: record.text } : {};
  const refusal = state.rows.add({ ...converted.value, ...passage }, line, flags);
  if (refusal !== undefined) {
    state.rejects.add({ line, ...refusal, excerpt: excerptOf(object) });
    return;
  }
  state.mapping ??= converted.value.mapping;
  state.formats.set(converted.value.format, (state.formats.get(converted.value.format) ?? 0) + 1);
}

/** JSON rows: a mapping a person gave holds for every row; without one each row is understood by its own keys. */
function mappingForKeys(state: ReadState, keys: readonly string[]): ColumnMapping | undefined {
  for (const key of keys) if (state.columnsSeen.size < maximumColumns) state.columnsSeen.add(key);
  if (state.options.mapping === undefined) return undefined;
  state.mapping ??= completeMapping(keys, state.options.mapping, state.source.path) ?? null;
  return state.mapping ?? undefined;
}

function takeFields(state: ReadState, record: SourceRecord & { kind: 'fields' }): void {
  if (state.header === undefined) {
    takeHeader(state, record.fields);
    return;
  }
  state.seen += 1;
  const [has, wants] = [record.fields.length, state.header.length];
  if (has !== wants) {
    const reason = has < wants ? 'RAGGED_SHORT' : 'RAGGED_LONG';
    const message = say('dataset.fields-count', { has, wants });
    state.rejects.add({ line: record.line, reason, message, excerpt: excerptOf(record.fields.join(' | ')) });
    return;
  }
  takeObject(state, record, Object.fromEntries(state.header.map((name, index) => [name, record.fields[index]])));
}

function takeRecord(state: ReadState, record: SourceRecord): void {
  if (record.kind === 'fields') {
    takeFields(state, record);
    return;
  }
  state.seen += 1;
  if (record.kind === 'bad') {
    const { line, reason, message, excerpt } = record;
    state.rejects.add({ line, reason, message, excerpt });
  } else if (!isObject(record.value)) {
    const message = say('dataset.row-not-object');
    state.rejects.add({ line: record.line, reason: 'NOT_OBJECT', message, excerpt: excerptOf(record.value) });
  } else {
    refusePreferences(state, Object.keys(record.value), typeof record.value['label'] === 'boolean');
    takeObject(state, record, record.value);
  }
}

function refuseUnusable(state: ReadState): void {
  const { path } = state.source;
  const [rows, rejected] = [state.rows.rows().length, state.rejects.total()];
  const minimum = state.options.minimumRows ?? minimumRows;
  if (state.seen === 0 && state.header !== undefined) {
    throw new ForgeError('dataset.header-only', { path, columns: state.header.join(', '), minimum });
  }
  if (state.seen === 0) throw new ForgeError('dataset.empty', { path, minimum });
  if (rows === 0) {
    const byReason = state.rejects.byReason();
    if (Object.keys(byReason).join() === 'UNKNOWN_SHAPE') throw columnsUnknown(path, state.columnsSeen);
    const first = state.rejects.examples()[0];
    throw new ForgeError('dataset.all-rejected', {
      path,
      seen: state.seen,
      reasons: reasonsInWords(byReason),
      line: first?.line ?? 0,
      example: first?.message ?? 'unknown',
    });
  }
  if (rows < minimum) {
    const duplicates = state.rows.duplicates();
    const reasons = rejected === 0 ? '' : ` (${reasonsInWords(state.rejects.byReason())})`;
    const counts = { rows, minimum, seen: state.seen, rejected, reasons, duplicates };
    throw new ForgeError('dataset.too-few-rows', { path, ...counts });
  }
}

function setGroups(state: ReadState, rows: readonly DatasetRow[]): DatasetReport['groups'] {
  const prompts = rows.map((row) => foldText(promptTextOf(row)));
  const { groups, origin } = assignGroups({
    ids: rows.map((row) => row.id),
    prompts,
    given: state.rows.givenGroups(),
    sameGroups: state.rows.sameGroups(),
  });
  const sizes = new Map<string, number>();
  rows.forEach((row, index) => {
    row.group = groups[index] ?? row.group;
    sizes.set(row.group, (sizes.get(row.group) ?? 0) + 1);
  });
  const largest = [...sizes.values()].reduce((most, size) => Math.max(most, size), 0);
  return { count: sizes.size, origin, largest };
}

function countFlags(rows: readonly DatasetRow[]): Record<string, number> {
  const counts = new Map<RowFlag, number>();
  for (const row of rows) for (const flag of row.flags ?? []) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function addWarnings(state: ReadState, report: DatasetReport): void {
  const { encoding, rejected, contradictions, rows } = report;
  if (!encoding.certain) {
    report.warnings.push(say('dataset.not-utf8', { encoding: encoding.name }));
  }
  if (rejected.total > 0) {
    report.warnings.push(
      say('dataset.rejected', {
        ...{ rejected: rejected.total, seen: report.seen },
        reasons: reasonsInWords(rejected.byReason),
      }),
    );
  }
  if (contradictions > 0) {
    report.warnings.push(say('dataset.contradictions', { count: contradictions, rows }));
  }
  const passages = state.rows.rows().filter(({ text }) => text !== undefined).length;
  if (passages > 0) report.warnings.push(say('dataset.passages', { count: passages }));
  if (state.formats.size > 1) report.warnings.push(say('dataset.mixed-shapes', { count: state.formats.size }));
}

/**
 * Reads an opened file of examples into canonical rows (`forge.row/1`): each record is converted by its shape, checked, given the
 * hash of its content as id, and put into a leak group. Exact duplicates are merged and counted, rejected records are counted by
 * reason with their lines, nothing is dropped silently.
 * Throws ForgeError `dataset.*` when there is nothing to learn from.
 */
export async function readDataset(source: DatasetSource, options: ReadDatasetOptions = {}): Promise<ReadDataset> {
  const maximumRows = options.maximumRows ?? 500_000;
  const state: ReadState = {
    source,
    options,
    rejects: createRejectLedger(options.onRejected),
    rows: createRowCollector({ sourceName: source.name, digest: source.digest, systemPrompt: options.systemPrompt }),
    warnings: [],
    formats: new Map(),
    mapping: null,
    header: undefined,
    seen: 0,
    columnsSeen: new Set(),
  };
  for await (const batch of source.records()) {
    for (const record of batch) takeRecord(state, record);
    if (state.seen > maximumRows)
      throw new ForgeError('dataset.too-many-rows', { path: source.path, limit: maximumRows });
  }
  refuseUnusable(state);
  const rows = state.rows.rows();
  const report = makeReport(state, rows);
  if (report.seen !== report.rows + report.rejected.total + report.duplicates) {
    throw new Error(
      `rows were lost: ${report.seen} seen, ${report.rows} kept, ${report.rejected.total} rejected, ${report.duplicates} merged`,
    );
  }
  const columns = report.mapping === null ? [] : (state.header ?? [...state.columnsSeen]).slice(0, maximumColumns);
  return { rows, report, columns };
}

function makeReport(state: ReadState, rows: readonly DatasetRow[]): DatasetReport {
  const { source } = state;
  const format = [...state.formats].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'columns';
  const report: DatasetReport = {
    name: source.name,
    container: source.container,
    format,
    mapping: state.mapping,
    delimiter: source.delimiter,
    encoding: { ...source.encoding },
    ...source.fingerprint(),
    seen: state.seen,
    rows: rows.length,
    duplicates: state.rows.duplicates(),
    contradictions: state.rows.markContradictions(),
    rejected: { total: state.rejects.total(), byReason: state.rejects.byReason(), examples: state.rejects.examples() },
    flags: {},
    groups: setGroups(state, rows),
    warnings: state.warnings,
  };
  report.flags = countFlags(rows);
  addWarnings(state, report);
  return report;
}
