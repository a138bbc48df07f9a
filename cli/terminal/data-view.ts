import type { DatasetInspection, KnownDataset, ShownRow } from '#contract/dataset-preview.ts';
import { pairs, table } from './table.ts';
import { oneLine, plainText, wrap } from './text.ts';
import { bytes, counted } from './units.ts';
import type { ViewStyle } from './view-style.ts';

/** What there is to learn from. */
export function knownDatasetTable(known: readonly KnownDataset[], style: ViewStyle): string[] {
  const columns = [
    { title: 'dataset' },
    { title: 'rows', align: 'right' as const },
    { title: 'size', align: 'right' as const },
    { title: 'file', flexible: true },
  ];
  const rows = known.map(({ label, rows: count, sizeBytes, path, isDefault }) => [
    oneLine(isDefault ? `${label} (the sample)` : label),
    count === null ? '' : String(count),
    bytes(sizeBytes),
    style.palette.faint(oneLine(path)),
  ]);
  return table(columns, rows, style);
}

const separators: Readonly<Record<string, string>> = { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'bars' };

/** A file as training would take it. */
export function inspectionLines(
  { path, report, split, columns, scoring }: DatasetInspection,
  style: ViewStyle,
): string[] {
  const { mapping, rejected, duplicates, delimiter, encoding } = report;
  const places = mapping === null ? 'fixed by the format' : mappingText(mapping);
  const separator = delimiter === null ? '' : `, separated by ${separators[delimiter] ?? delimiter}`;
  const entries: (readonly [string, string])[] = [
    ['file', oneLine(path)],
    [
      'format',
      `${report.format} in ${report.container}${separator}, ${encoding.name}${encoding.certain ? '' : ' (a guess)'}`,
    ],
    ...(columns.length === 0 ? [] : [['columns', oneLine(columns.join(', '))] as const]),
    ['places', oneLine(places)],
    [
      'rows',
      `${report.rows} of ${counted(report.seen, 'record')}; ${rejected.total} rejected, ${counted(duplicates, 'duplicate')} merged`,
    ],
    ['to learn from', `${split.train.rows} in ${counted(split.train.groups, 'group')}`],
    ['to stop by', `${split.validation.rows} in ${counted(split.validation.groups, 'group')}`],
    ['kept aside', `${split.heldOut.rows} in ${counted(split.heldOut.groups, 'group')}, to measure with`],
    ['scoring', oneLine(scoring)],
  ];
  const warnings = [...report.warnings, ...split.warnings].flatMap((warning) =>
    wrap(oneLine(warning), style.width - 6).map((line, index) =>
      index === 0 ? `${style.palette.warn('note')}  ${line}` : `      ${line}`,
    ),
  );
  return [
    ...pairs(entries, style).flatMap((line) => line),
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    ...rejectLines(report, style),
  ];
}

function mappingText(mapping: NonNullable<DatasetInspection['report']['mapping']>): string {
  return Object.entries(mapping)
    .map(([place, column]) => `${place} = ${column}`)
    .join(', ');
}

function rejectLines({ rejected }: DatasetInspection['report'], style: ViewStyle): string[] {
  if (rejected.total === 0) return [];
  const columns = [
    { title: 'line', align: 'right' as const },
    { title: 'rejected because' },
    { title: 'it begins', flexible: true },
  ];
  const rows = rejected.examples.map(({ line, message, excerpt }) => [
    String(line),
    oneLine(message),
    oneLine(excerpt),
  ]);
  const more = rejected.total - rejected.examples.length;
  return ['', ...table(columns, rows, style), ...(more > 0 ? [style.palette.faint(`and ${more} more`)] : [])];
}

/** A row as the model sees it: what it learns to say is in the accent colour, or between << and >> where there are no colours. */
export function shownRowLines({ pieces, note }: ShownRow, style: ViewStyle): string[] {
  const hasColour = style.palette.accent('x') !== 'x';
  const runs: { text: string; learned: boolean }[] = [];
  for (const { text, learned } of pieces) {
    const last = runs.at(-1);
    if (last?.learned === learned) last.text += text;
    else runs.push({ text, learned });
  }
  const marked = runs.map(({ text, learned }) => {
    const shown = plainText(text);
    if (!learned) return shown;
    return hasColour ? shown.split('\n').map(style.palette.accent).join('\n') : `<<${shown}>>`;
  });
  const key = hasColour ? 'in colour' : 'between << and >>';
  return [
    ...marked.join('').split('\n'),
    '',
    ...wrap(oneLine(note), style.width).map(style.palette.faint),
    style.palette.faint(`What is learned stands ${key}.`),
  ];
}
