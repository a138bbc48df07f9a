import type {
  ContaminationReport,
  DedupeReport,
  FreezeReport,
  PiiReport,
  SplitReport,
} from '#contract/dataset-checks.ts';
import type { StepOutcome, ViewStep } from '#contract/dataset-versions.ts';
import { pairs, table } from './table.ts';
import { oneLine, truncate } from './text.ts';
import { counted, duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const right = 'right' as const;

type Entry = readonly [string, string];

function title({ name, version, rows }: { name: string; version: number; rows: number }, style: ViewStyle): string {
  return `${style.palette.strong(`${name}:v${version}`)}  ${counted(rows, 'row')}`;
}

function listed({ rowsPath, seconds }: { rowsPath: string; seconds: number }): Entry[] {
  return [
    ['listed in', oneLine(rowsPath)],
    ['took', duration(seconds)],
  ];
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 2 : 1)} %`;
}

export function dedupeLines(report: DedupeReport, style: ViewStyle): string[] {
  const { exact, exactClusters, near, nearClusters, threshold, kept } = report;
  const aboutNear: Entry[] =
    threshold === null
      ? []
      : [['near', `${near} rows of ${counted(nearClusters, 'cluster')} at ${threshold} and above`]];
  return [
    title(report, style),
    ...pairs(
      [
        ['equal', `${exact} rows repeat ${counted(exactClusters, 'other')}`],
        ...aboutNear,
        ['left', `${kept} rows would stay`],
        ...listed(report),
      ],
      style,
    ),
  ];
}

export function splitLines(report: SplitReport, style: ViewStyle): string[] {
  const { sides, groups, leaks, naive, leftOut, largestGroupRows } = report;
  const leaking = leaks.exactPairs + leaks.nearPairs;
  const columns = [{ title: 'side' }, { title: 'rows', align: right }, { title: 'groups', align: right }];
  const rows = (['train', 'validation', 'test'] as const).map((side) => [
    side,
    String(sides[side]),
    String(groups[side]),
  ]);
  const verdict =
    leaking === 0 ? style.palette.good('0 pairs on two sides') : style.palette.bad(`${leaking} pairs on two sides`);
  return [
    title(report, style),
    ...table(columns, rows, style),
    '',
    ...pairs(
      [
        ['leaks', verdict],
        [
          'naive split',
          `${naive.crossing} of ${naive.pairs} pairs on two sides (${percent(naive.share)}) at a random 90/10`,
        ],
        ...(leftOut === 0 ? [] : [['left out', `${leftOut} rows, near to rows of several sides`] as const]),
        ['largest group', counted(largestGroupRows, 'row')],
        ...listed(report),
      ],
      style,
    ),
  ];
}

export function contaminationLines(report: ContaminationReport, style: ViewStyle): string[] {
  const { sets, certain, review, hits } = report;
  const tasks = sets.reduce((sum, set) => sum + set.tasks, 0);
  const compared =
    sets.length === 0 ? 'no set of tasks is installed' : `${counted(tasks, 'task')} of ${counted(sets.length, 'set')}`;
  const columns = [{ title: 'set', flexible: true }, { title: 'how' }, { title: 'rows', align: right }];
  const found = hits.map(({ set, kind, rows }) => [oneLine(set), kind, String(rows)]);
  return [
    title(report, style),
    ...pairs(
      [
        ['compared with', compared],
        ['hold a task', counted(certain, 'row')],
        ['to look at', counted(review, 'row')],
        ...listed(report),
      ],
      style,
    ),
    ...(found.length === 0 ? [] : ['', ...table(columns, found, style)]),
  ];
}

export function piiLines(report: PiiReport, style: ViewStyle): string[] {
  const columns = [{ title: 'kind' }, { title: 'findings', align: right }, { title: 'rows', align: right }];
  const found = report.kinds.map(({ kind, findings, rows }) => [kind, String(findings), String(rows)]);
  return [
    title(report, style),
    ...pairs([['concerned', counted(report.concerned, 'row')], ...listed(report)], style),
    ...(found.length === 0 ? [] : ['', ...table(columns, found, style)]),
  ];
}

export function freezeLines(report: FreezeReport, style: ViewStyle): string[] {
  const { name, version, seen, rows, dropped, merged, changed, added, sides, digest, seconds } = report;
  const more = added === undefined ? '' : `, ${added} added by scripts`;
  return [
    `${style.palette.strong(`${name}:v${version}`)}  ${counted(rows, 'row')}`,
    ...pairs(
      [
        ['of', `${seen}: ${dropped} dropped, ${merged} merged as duplicates, ${changed} changed${more}`],
        ...(sides === null
          ? []
          : [['sides', `${sides.train} train, ${sides.validation} validation, ${sides.test} test`] as const]),
        ['digest', digest],
        ['took', duration(seconds)],
      ],
      style,
    ),
  ];
}

/** A step in a few words: its kind and what was chosen. */
function nameOf(step: ViewStep): string {
  if (step.kind === 'script') return `script ${step.script}.py`;
  const { kind, ...chosen } = step.kind === 'length' ? { ...step, base: null } : step;
  const values = Object.values(chosen).filter((value) => value !== null && typeof value !== 'boolean');
  return [kind, ...values.map(String)].join(' ');
}

function howCounted(step: ViewStep, how: StepOutcome['counted']): string {
  if (step.kind !== 'length' || how === undefined) return '';
  return how === 'estimated' ? ' (estimated by characters)' : ` (counted by ${step.base ?? ''})`;
}

const shownExamples = 3;

export function outcomeLines(outcomes: readonly StepOutcome[], style: ViewStyle): string[] {
  const columns = [
    { title: 'step', flexible: true },
    { title: 'kept', align: right },
    { title: 'dropped', align: right },
    { title: 'changed', align: right },
  ];
  const rows = outcomes.map(({ step, kept, dropped, changed, added = 0, counted: how }) => [
    oneLine(`${nameOf(step)}${howCounted(step, how)}${added === 0 ? '' : `, ${counted(added, 'row')} added`}`),
    ...[kept, dropped, changed].map(String),
  ]);
  const examples = outcomes.flatMap(({ step, examples: own }) => {
    const shown = own
      .slice(0, shownExamples)
      .flatMap(({ why, before }) => [
        `  ${oneLine(why)}`,
        `    ${style.palette.faint(truncate(oneLine(before), Math.max(20, style.width - 4)))}`,
      ]);
    return shown.length === 0 ? [] : ['', oneLine(nameOf(step)), ...shown];
  });
  return [...table(columns, rows, style), ...examples];
}
