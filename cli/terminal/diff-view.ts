import { changeKinds, type DiffReport, type RowChange } from '#contract/dataset-diffs.ts';
import { pairs, table } from './table.ts';
import { oneLine, truncate } from './text.ts';
import { counted, duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

/** What each kind of change means, beside its number. */
const meanings = {
  added: 'only in the later one',
  removed: 'only in the earlier one',
  changed: 'the same row of the source with other content',
  moved: 'the same content on another side of the split',
} as const;

const signs = { added: '+', removed: '-', changed: '~', moved: '>' } as const;

function textOf(row: RowChange['after']): string {
  return row === null ? '' : oneLine(row.answer === '' ? row.prompt : `${row.prompt} → ${row.answer}`);
}

/** A row in one or two lines: what stands there, or what it was and what it is. */
function exampleLines({ change, before, after, from, to }: RowChange, { palette, width }: ViewStyle): string[] {
  const fit = (text: string): string => truncate(text, Math.max(20, width - 4));
  if (change === 'changed')
    return [`  ${palette.bad('-')} ${fit(textOf(before))}`, `  ${palette.good('+')} ${fit(textOf(after))}`];
  if (change === 'moved')
    return [`  ${signs.moved} ${fit(`${from ?? 'no side'} to ${to ?? 'no side'}: ${textOf(after)}`)}`];
  return [`  ${signs[change]} ${fit(textOf(after ?? before))}`];
}

/** `forge data diff` for people: counts with what they mean, some rows of each, and where all of them are. */
export function diffLines(report: DiffReport, examples: readonly RowChange[], style: ViewStyle): string[] {
  const { before, after, same, rowsPath, seconds } = report;
  const [earlier, later] = [`${before.name}:v${before.version}`, `${after.name}:v${after.version}`];
  const title = `${style.palette.strong(earlier)} (${counted(before.rows, 'row')}) to ${style.palette.strong(later)} (${counted(after.rows, 'row')})`;
  const isEqual = changeKinds.every((kind) => report[kind] === 0);
  if (isEqual)
    return [
      title,
      before.digest === after.digest
        ? 'Both hold the same rows in the same order.'
        : 'Both hold the same rows on the same sides; only their order or what is noted beside them differs.',
    ];
  const columns = [{ title: '' }, { title: 'rows', align: 'right' as const }, { title: 'meaning', flexible: true }];
  const rows = [
    ['same', String(same), 'in both, on the same side'],
    ...changeKinds.map((kind) => [kind, String(report[kind]), meanings[kind]]),
  ];
  const shown = changeKinds.flatMap((kind) => {
    const own = examples.filter(({ change }) => change === kind);
    if (own.length === 0) return [];
    const more = report[kind] > own.length ? [`    and ${report[kind] - own.length} more`] : [];
    return ['', kind, ...own.flatMap((example) => exampleLines(example, style)), ...more];
  });
  return [
    title,
    ...table(columns, rows, style),
    ...shown,
    '',
    ...pairs(
      [
        ['listed in', oneLine(rowsPath)],
        ['took', duration(seconds)],
      ],
      style,
    ),
  ];
}
