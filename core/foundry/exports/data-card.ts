import type { CarryLoss, DataFormat } from '#contract/data-exports.ts';
import type { DatasetVersion, SplitChoice } from '#contract/dataset-versions.ts';
import type { RowOrigins } from './row-origins.ts';

export interface CardFacts {
  readonly version: DatasetVersion;
  readonly format: DataFormat;
  readonly files: readonly { readonly path: string; readonly rows: number | null }[];
  readonly losses: readonly CarryLoss[];
  readonly split: SplitChoice | null;
  readonly origins: RowOrigins;
}

/** Text from a file's name or licence inside a table of Markdown. */
function cell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll('|', '\\|')
    .replace(/[<>`]/g, ' ')
    .slice(0, 200);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function countTable(title: string, counts: ReadonlyMap<string, number>): string[] {
  return table(
    [title, 'rows'],
    [...counts].map(([name, rows]) => [name, String(rows)]),
  );
}

function madeOf({ recipe, seen, rejected, merged, rows }: DatasetVersion): string[] {
  const steps = recipe.steps.map((step, index) => `${index + 1}. ${step.kind}: ${cell(JSON.stringify(step))}`);
  return [
    `${seen} records seen, ${rejected} rejected, ${merged} merged as exact duplicates, ${rows} rows in this version.`,
    '',
    ...(steps.length === 0 ? ['No filters were applied.'] : ['Filters, in their order:', '', ...steps]),
  ];
}

function splitLines(split: SplitChoice | null): string[] {
  if (split === null) return ['All rows are in one file for each kind; they are not split.'];
  const { seed, validationShare, testShare } = split;
  return [
    `By group (a group is never on two sides), from seed ${seed}: ${validationShare * 100} % validation, ${testShare * 100} % test.`,
  ];
}

/** README.md beside exported rows: what they are, where they come from, what was done to them and what is missing. */
export function dataCard({ version, format, files, losses, split, origins }: CardFacts): string {
  const sources = version.sources.slice(0, 200);
  const limits = [
    ...losses.map(({ text }) => `- ${text}.`),
    ...version.warnings.slice(0, 50).map((warning) => `- ${cell(warning)}`),
  ];
  return [
    `# ${version.name}, version ${version.version}`,
    '',
    `Written by Forge as ${format}. Digest of the version: ${version.digest}.`,
    '',
    '## Counts',
    '',
    ...table(
      ['file', 'rows'],
      files.map(({ path, rows }) => [path, rows === null ? '' : String(rows)]),
    ),
    '',
    ...table(
      ['kind', 'rows in the version'],
      Object.entries(version.kinds).map(([kind, rows]) => [kind, String(rows)]),
    ),
    '',
    '## Sources and licences',
    '',
    ...countTable('licence', origins.licences),
    ...(origins.teachers.size === 0 ? [] : ['', ...countTable('answers written by', origins.teachers)]),
    '',
    ...table(
      ['source', 'rows', 'SHA-256'],
      sources.map(({ uri, rows, sha256 }) => [uri, String(rows), sha256.slice(0, 16)]),
    ),
    ...(version.sources.length > sources.length ? ['', `and ${version.sources.length - sources.length} more.`] : []),
    '',
    '## How it was made',
    '',
    ...madeOf(version),
    '',
    '## Split',
    '',
    ...splitLines(split),
    '',
    '## Known limits',
    '',
    ...(limits.length === 0 ? ['The format carries everything these rows hold.'] : limits),
    '',
  ].join('\n');
}
