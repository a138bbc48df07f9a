import type { CanonicalMessage, CanonicalRow } from '#contract/rows.ts';
import type {
  SandboxReport,
  ScriptCounts,
  ScriptDiffLine,
  ScriptExample,
  ScriptReport,
  ScriptReview,
} from '#contract/scripts.ts';
import { pairs, table } from './table.ts';
import { oneLine, plainText } from './text.ts';
import { counted, duration } from './units.ts';
import type { ViewStyle } from './view-style.ts';

/** Lines around a change that stay in view. */
const context = 3;
const shownExamples = 5;

function isNearChange(lines: readonly ScriptDiffLine[], index: number): boolean {
  return lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same');
}

/** A script against the one that ran before under its name. */
export function scriptReviewLines({ script, previous, lines }: ScriptReview, style: ViewStyle): string[] {
  if (lines.every(({ kind }) => kind === 'same')) return [`${script}.py is the script that ran last.`];
  const signs = { same: ' ', removed: '-', added: '+' } as const;
  const paint = { same: style.palette.faint, removed: style.palette.bad, added: style.palette.good } as const;
  const shown = lines.flatMap((line, index) =>
    isNearChange(lines, index) ? [paint[line.kind](`${signs[line.kind]} ${plainText(line.text)}`)] : [],
  );
  const title = previous === null ? `${script}.py is new here:` : `${script}.py against the one that ran last:`;
  return [style.palette.strong(title), ...shown];
}

function messageLine({ role, content }: CanonicalMessage): string {
  return `${role}: ${content}`;
}

function textOf(row: CanonicalRow): string {
  switch (row.kind) {
    case 'text':
      return row.text;
    case 'sft':
    case 'prompt':
      return row.messages.map(messageLine).join('  ');
    case 'preference':
      return (
        [...row.prompt, ...row.chosen].map(messageLine).join('  ') +
        '  rejected ' +
        row.rejected.map(messageLine).join('  ')
      );
    case 'unpaired':
      return [...row.prompt, ...row.completion].map(messageLine).join('  ');
  }
}

/** On one line with its blanks as they are: they may be what changed. */
function seen(text: string): string {
  return plainText(text.replace(/\r?\n/g, '⏎').replace(/\t/g, '⇥'));
}

function exampleLines({ place, before, after }: ScriptExample, style: ViewStyle): string[] {
  const room = Math.max(40, style.width - 4);
  const line = (sign: string, row: CanonicalRow): string => `${sign} ${seen(textOf(row)).slice(0, room)}`;
  const now = after.length === 0 ? ['  (left out)'] : after.map((row) => style.palette.good(line('+', row)));
  return [style.palette.faint(`row ${place + 1}`), style.palette.bad(line('-', before)), ...now];
}

function countsText({ seen, unchanged, changed, dropped, added }: ScriptCounts): string {
  return `${counted(seen, 'row')}: ${unchanged} as they were, ${changed} changed, ${dropped} left out, ${added} added`;
}

/** What a try or a run did. */
export function scriptReportLines(report: ScriptReport, style: ViewStyle): string[] {
  const { tried, all, sandbox, version, digest, name, printed } = report;
  const restored = (all ?? tried).restored;
  const entries: (readonly [string, string])[] = [
    ['sandbox', `${sandbox.label}, ${oneLine(sandbox.detail)}`],
    ['first rows', `${countsText(tried)}; two runs gave the same`],
    ...(all === null ? [] : [['all rows', `${countsText(all)}; ${all.merged} merged as exact repeats`] as const]),
    ...(restored === 0
      ? []
      : [['kept', `${counted(restored, 'field')} that only Forge sets (id, group, source, leave to train)`] as const]),
    ...(digest === null ? [] : [['digest', digest] as const]),
    ...(printed === '' ? [] : [['printed', oneLine(printed).slice(0, 500)] as const]),
    ['took', duration(report.seconds)],
  ];
  const different = tried.examples.filter(({ before, after }) => JSON.stringify([before]) !== JSON.stringify(after));
  const examples = different.slice(0, shownExamples).flatMap((example) => ['', ...exampleLines(example, style)]);
  const first =
    all === null
      ? 'A try: nothing was made.'
      : version === null
        ? '0 rows were left: no version was made.'
        : `${name}:v${version}`;
  return [style.palette.strong(first), ...pairs(entries, style), ...(all === null ? examples : [])];
}

/** Every kind of sandbox on this machine. */
export function sandboxTable(sandboxes: readonly SandboxReport[], style: ViewStyle): string[] {
  const columns = [{ title: 'sandbox' }, { title: 'holds' }, { title: 'why', flexible: true }];
  const rows = sandboxes.map(({ label, isFit, detail }) => [
    label,
    isFit ? style.palette.good('yes') : style.palette.bad('no'),
    oneLine(detail),
  ]);
  const first = sandboxes.find(({ isFit }) => isFit);
  const used = first === undefined ? 'None holds: scripts are refused here.' : `Scripts run in: ${first.label}`;
  return [...table(columns, rows, style), '', used];
}
