import type { Histogram, NamedRows, RepeatedWording, RowLink, StudyReport } from '#contract/study.ts';
import { percent } from './check-view.ts';
import { pairs } from './table.ts';
import { displayWidth, oneLine, padEnd, padStart, truncate, wrap } from './text.ts';
import { counted, duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const barWidth = 32;
const nameWidth = 24;
const mostNames = 10;

interface Bar {
  readonly name: string;
  readonly count: number;
}

/** Bars of counts, the longest as wide as there is room; their shares of all rows beside. */
function barLines(bars: readonly Bar[], total: number, style: ViewStyle): string[] {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const names = bars.map(({ name }) => truncate(oneLine(name), nameWidth));
  const width = Math.max(0, ...names.map(displayWidth));
  const digits = String(most).length;
  const room = Math.max(8, Math.min(barWidth, style.width - width - digits - 14));
  return bars.map(({ count }, index) => {
    const length = count === 0 ? 0 : Math.max(1, Math.round((count / most) * room));
    const bar = padEnd(style.glyphs.barFull.repeat(length), room);
    const share = total === 0 ? '' : style.palette.faint(padStart(percent(count / total), 8));
    return `  ${padEnd(names[index] ?? '', width)}  ${bar}  ${padStart(String(count), digits)}${share}`.trimEnd();
  });
}

/** Empty buckets at both ends are left out. */
function histogramLines(title: string, { bounds, buckets, ...known }: Histogram, style: ViewStyle): string[] {
  const used = buckets.map(({ count }) => count > 0);
  const [first, last] = [used.indexOf(true), used.lastIndexOf(true)];
  if (first < 0) return [];
  const bars = buckets.slice(first, last + 1).map(({ count }, index) => {
    const [from, to] = [bounds[first + index] ?? 0, bounds[first + index + 1]];
    return { name: to === undefined ? `${from} and more` : `${from} to ${to}`, count };
  });
  const { median, percentile95, maximum } = known;
  const facts = `median ${short(median)}, 95 of 100 up to ${short(percentile95)}, longest ${short(maximum)}`;
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  return ['', `${style.palette.strong(title)}  ${style.palette.faint(facts)}`, ...barLines(bars, total, style)];
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function namedLines(
  title: string,
  named: readonly NamedRows[],
  { rows, style }: { rows: number; style: ViewStyle },
): string[] {
  if (named.length === 0) return [];
  const bars = named
    .slice(0, mostNames)
    .map(({ name, rows: link }) => ({ name: name === '' ? 'none named' : name, count: link.count }));
  const more = named.length > mostNames ? [style.palette.faint(`  and ${named.length - mostNames} more`)] : [];
  return ['', style.palette.strong(title), ...barLines(bars, rows, style), ...more];
}

function wordingLines(title: string, wordings: readonly RepeatedWording[], style: ViewStyle): string[] {
  if (wordings.length === 0) return [];
  const lines = wordings
    .slice(0, 5)
    .map(
      ({ text, share, rows }) =>
        `  ${padStart(percent(share), 8)}  ${padStart(String(rows.count), 6)}  ${truncate(oneLine(text), style.width - 22)}`,
    );
  return ['', style.palette.strong(title), ...lines];
}

function findings(report: StudyReport, style: ViewStyle): string[] {
  const { rows, code, duplicates, contamination } = report;
  const told = (link: RowLink, words: string): string =>
    link.count === 0
      ? style.palette.faint('none')
      : `${counted(link.count, 'row')} (${percent(link.count / Math.max(1, rows))})${words}`;
  const codeFacts = [
    ['parse', code.parses],
    ['are broken', code.broken],
    ['are in languages not checked', code.unchecked],
  ] as const;
  const aboutCode = codeFacts.filter(([, { count }]) => count > 0).map(([words, { count }]) => `${count} ${words}`);
  const sets = contamination.sets.length === 0 ? style.palette.faint('nothing to compare with') : null;
  return pairs(
    [
      ['code', told(code.present, aboutCode.length === 0 ? '' : `: ${aboutCode.join(', ')}`)],
      ['empty answers', told(report.empty, '')],
      ['short answers', told(report.short, ', under 20 characters')],
      ['refusals', told(report.refusals, '')],
      ['echoes', told(report.echoes, ', half of the answer stands in the question')],
      ['equal rows', told(duplicates.exact, '')],
      ['near-equal rows', told(duplicates.near, ` at ${duplicates.threshold}`)],
      [
        'role errors',
        report.roleErrors.map(({ name, rows: link }) => `${link.count} ${name}`).join(', ') ||
          style.palette.faint('none'),
      ],
      [
        'personal data',
        report.pii.map(({ kind, rows: link }) => `${link.count} ${kind}`).join(', ') || style.palette.faint('none'),
      ],
      [
        'toxic words',
        report.toxicity
          .filter(({ rows: link }) => link.count > 0)
          .map(({ tier, rows: link }) => `${link.count} ${tier}`)
          .join(', ') || style.palette.faint('none'),
      ],
      [
        'contamination',
        sets ??
          (contamination.hits
            .map(({ set, kind, rows: link }) => `${link.count} ${kind} of ${oneLine(set)}`)
            .join(', ') ||
            style.palette.faint('none')),
      ],
    ],
    style,
  );
}

function tokenTitle({ tokens }: StudyReport): string {
  const by =
    tokens.counted === 'estimated' ? 'estimated by characters' : `by the tokenizer of ${oneLine(tokens.base ?? '')}`;
  return `tokens a row, ${by}`;
}

/** A study as a page of a terminal. */
export function studyLines(report: StudyReport, style: ViewStyle): string[] {
  const { rows, rejected, kinds, tokens, version, name } = report;
  const own = { rows, style };
  const head = version === null ? oneLine(name) : `${version.name}:v${version.version}`;
  const kindsTold = kinds.map(({ kind, rows: link }) => `${link.count} ${kind}`).join(', ');
  const over =
    tokens.contextTokens === null
      ? []
      : [['over the context', `${tokens.overContext.count} rows over ${tokens.contextTokens} tokens`] as const];
  return [
    `${style.palette.strong(head)}  ${counted(rows, 'row')}${kinds.length > 0 ? ` (${kindsTold})` : ''}, ${duration(report.seconds)}`,
    ...pairs(
      [
        ...(rejected === 0 ? [] : [['rejected', counted(rejected, 'record')] as const]),
        ['tokens', `${tokens.total} in all`],
        ...over,
      ],
      style,
    ),
    '',
    ...findings(report, style),
    ...histogramLines(tokenTitle(report), tokens.perRow, style),
    ...histogramLines('characters an answer', report.characters.answer, style),
    ...namedLines('languages', report.languages, own),
    ...namedLines('labels', report.labels, own),
    ...namedLines('categories', report.categories, own),
    ...namedLines('sources', report.sources, own),
    ...namedLines('licences', report.licences, own),
    ...namedLines('teachers', report.teachers, own),
    ...wordingLines('answers open with', report.repeated.openings, style),
    ...wordingLines('answers repeat', report.repeated.wordings, style),
    ...report.notes
      .flatMap((note) => ['', ...wrap(oneLine(note), Math.max(30, style.width))])
      .map((line) => style.palette.faint(line)),
  ];
}
