import type { DatasetVersion, FoundryJob, ImportReport, RejectEntry, RowPage } from '#contract/dataset-versions.ts';
import { pairs, table } from './table.ts';
import { oneLine, wrap } from './text.ts';
import { bytes, counted, dateAndMinute, duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const right = 'right' as const;

function warningLines(warnings: readonly string[], style: ViewStyle): string[] {
  const lines = warnings.flatMap((warning) =>
    wrap(oneLine(warning), style.width - 6).map((line, index) =>
      index === 0 ? `${style.palette.warn('note')}  ${line}` : `      ${line}`,
    ),
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

function kindsOf({ kinds }: Pick<DatasetVersion, 'kinds'>): string {
  return Object.entries(kinds)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

/** What an import did. */
export function importLines(report: ImportReport, style: ViewStyle): string[] {
  const { name, version, seen, accepted, rejected, merged, rejectsPath, seconds, digest } = report;
  const entries: (readonly [string, string])[] = [
    ['records', `${seen} seen: ${accepted} accepted, ${rejected} rejected, ${merged} merged as exact repeats`],
    ...(rejectsPath === null ? [] : [['rejects', oneLine(rejectsPath)] as const]),
    ...(digest === null ? [] : [['digest', digest] as const]),
    ['took', duration(seconds)],
  ];
  const first = version === null ? '0 rows: no version was made.' : style.palette.strong(`${name}:v${version}`);
  const look = version === null ? [] : ['', style.palette.faint(`Look at it: forge data rows ${name}:v${version}`)];
  return [first, ...pairs(entries, style), ...warningLines(report.warnings, style), ...look];
}

/** Datasets that were imported. */
export function versionTable(versions: readonly DatasetVersion[], style: ViewStyle): string[] {
  if (versions.length === 0)
    return [
      'No dataset was imported yet.',
      style.palette.faint('Make one: forge data import tickets.csv --as tickets'),
    ];
  const columns = [
    { title: 'dataset' },
    { title: 'rows', align: right },
    { title: 'kinds', flexible: true },
    { title: 'size', align: right },
    { title: 'made' },
  ];
  const rows = versions.map((version) => [
    `${version.name}:v${version.version}`,
    String(version.rows),
    kindsOf(version),
    bytes(version.sizeBytes),
    dateAndMinute(version.createdAt),
  ]);
  return table(columns, rows, style);
}

/** One version: counts, where it came from. */
export function versionLines(version: DatasetVersion, style: ViewStyle): string[] {
  const { name, rows, seen, rejected, merged, digest, sizeBytes, createdAt, sources, parent } = version;
  const entries: (readonly [string, string])[] = [
    ['rows', `${rows} (${kindsOf(version)}), ${bytes(sizeBytes)}`],
    ['records', `${seen} seen, ${rejected} rejected, ${merged} merged as exact repeats`],
    ...(parent === null ? [] : [['made from', `${parent.name}:v${parent.version}`] as const]),
    ['made', dateAndMinute(createdAt)],
    ['digest', digest],
  ];
  const columns = [
    { title: 'source', flexible: true },
    { title: 'rows', align: right },
    { title: 'size', align: right },
  ];
  const shown = sources
    .slice(0, 20)
    .map((source) => [oneLine(source.uri), String(source.rows), bytes(source.sizeBytes)]);
  const more = sources.length > shown.length ? [style.palette.faint(`and ${sources.length - shown.length} more`)] : [];
  return [
    style.palette.strong(`${name}:v${version.version}`),
    ...pairs(entries, style),
    ...(shown.length === 0 ? [] : ['', ...table(columns, shown, style), ...more]),
    ...warningLines(version.warnings, style),
  ];
}

/** A page of rows. */
export function rowTable({ total, rows }: RowPage, offset: number, style: ViewStyle): string[] {
  const columns = [
    { title: 'row', align: right },
    { title: 'asked' },
    { title: 'answered', flexible: true },
    { title: 'flags' },
  ];
  const width = Math.max(12, Math.floor(style.width / 3));
  const shown = rows.map(({ place, prompt, answer, flags }) => [
    String(place),
    oneLine(prompt).slice(0, width),
    oneLine(answer),
    flags.join(' '),
  ]);
  const end = offset + rows.length;
  const about =
    rows.length === 0 ? `none of ${counted(total, 'row')}` : `${offset + 1} to ${end} of ${counted(total, 'row')}`;
  return [...(rows.length === 0 ? [] : table(columns, shown, style)), style.palette.faint(about)];
}

/** What an import left out. */
export function rejectTable(
  {
    total,
    rejects,
    reasons,
  }: { total: number; rejects: readonly RejectEntry[]; reasons: readonly { code: string; count: number }[] },
  style: ViewStyle,
): string[] {
  const columns = [
    { title: 'file' },
    { title: 'line', align: right },
    { title: 'reason' },
    { title: 'what is wrong' },
    { title: 'it begins', flexible: true },
  ];
  const rows = rejects.map(({ file, line, code, message, head, headEncoding }) => [
    oneLine(file),
    String(line),
    code,
    oneLine(message),
    headEncoding === 'utf-8' ? oneLine(head) : '(not text)',
  ]);
  const counts = reasons.map(({ code, count }) => `${count} ${code}`).join(', ');
  return [
    ...(rows.length === 0 ? [] : table(columns, rows, style)),
    style.palette.faint(`${total} in all${counts === '' ? '' : `: ${counts}`}`),
  ];
}

/** Long work on datasets. */
export function jobTable(jobs: readonly FoundryJob[], style: ViewStyle): string[] {
  if (jobs.length === 0) return ['No work on data.'];
  const columns = [
    { title: 'job' },
    { title: 'kind' },
    { title: 'dataset' },
    { title: 'state' },
    { title: 'now', flexible: true },
  ];
  const rows = jobs.map(({ id, kind, name, state, text }) => [id, kind, name, state, oneLine(text)]);
  return table(columns, rows, style);
}
