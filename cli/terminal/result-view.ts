import type { MainJobResult } from '#contract/main-job.ts';
import { oneLine, padEnd, padStart, plainText, wrap, displayWidth, truncate } from './text.ts';
import { stepName } from './steps-view.ts';
import { pairs } from './table.ts';
import { duration, signed } from './units.ts';
import type { ViewStyle } from './view-style.ts';

const widest = 110;

/** A scale from 0 to 100 points with one mark on it. */
function pointScale(points: number, width: number, style: ViewStyle & { mine: boolean }): string {
  const { palette, glyphs } = style;
  const place = Math.round((Math.min(100, Math.max(0, points)) / 100) * (width - 1));
  const sign = style.mine ? palette.accent(glyphs.point) : palette.strong(glyphs.point);
  return palette.faint(glyphs.rule.repeat(place)) + sign + palette.faint(glyphs.rule.repeat(width - 1 - place));
}

function scoreRow(name: string, points: number, style: ViewStyle & { mine: boolean }): string {
  const width = Math.min(50, style.width - 24);
  const scale = width < 10 ? '' : `  ${pointScale(points, width, style)}`;
  return `  ${padEnd(name, 6)} ${padStart(points.toFixed(1), 5)}${scale}${style.palette.faint(' of 100')}`;
}

function differenceText({ delta, interval }: MainJobResult): string {
  if (delta === null) return '';
  const range =
    interval === null
      ? 'no interval: too few groups of rows'
      : `95 % interval ${signed(interval[0], 1)} to ${signed(interval[1], 1)}`;
  return `${signed(delta, 1)} points, ${range}`;
}

/** The verdict between two heavy rules: the largest thing a terminal can say. */
function verdictLines(result: MainJobResult, style: ViewStyle): string[] {
  const { palette, glyphs } = style;
  const rule = palette.accent(glyphs.heavyRule.repeat(style.width));
  const sentence = wrap(oneLine(result.verdict), style.width - 4).map((line) => `  ${palette.strong(line)}`);
  return [rule, '', ...sentence, '', rule];
}

function scoreLines(result: MainJobResult, style: ViewStyle): string[] {
  const { baseScore, tunedScore, rows } = result;
  if (baseScore === null || tunedScore === null) return [];
  const inGroups = rows.heldOutGroups > 0 ? ` in ${rows.heldOutGroups} groups` : '';
  const measured = `Measured on ${rows.heldOut} rows${inGroups} that were kept aside, as served${result.quantisation === null ? '' : ` (${result.quantisation})`}.`;
  return [
    scoreRow('base', baseScore, { ...style, mine: false }),
    scoreRow('tuned', tunedScore, { ...style, mine: true }),
    '',
    `  ${style.palette.faint('difference')}  ${differenceText(result)}`,
    ...wrap(measured, style.width - 4).map((line) => `  ${style.palette.faint(line)}`),
  ];
}

/** Two texts beside each other, or under each other where the terminal is narrow. */
function sideBySide(left: readonly [string, string], right: readonly [string, string], style: ViewStyle): string[] {
  const { palette, glyphs } = style;
  const stacked = style.width < 70;
  const column = stacked ? style.width - 4 : Math.floor((style.width - 4 - 4) / 2);
  const block = ([title, text]: readonly [string, string], mine: boolean): string[] => [
    (mine ? palette.accent : palette.faint)(truncate(title, column)),
    palette.faint(glyphs.rule.repeat(column)),
    ...wrap(plainText(text).trim() || '(no answer)', column).slice(0, 24),
  ];
  const [before, after] = [block(left, false), block(right, true)];
  if (stacked) return [...before, '', ...after].map((line) => `  ${line}`);
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
    `  ${padEnd(before[index] ?? '', column)}    ${after[index] ?? ''}`.trimEnd(),
  );
}

function answerLines({ served, base }: MainJobResult, style: ViewStyle): string[] {
  if (served === null) return [];
  const paragraph = (name: string, text: string): string[] =>
    wrap(plainText(text).trim(), style.width - 13)
      .slice(0, 8)
      .map((line, index) => `  ${style.palette.faint(padEnd(index === 0 ? name : '', 9))} ${line}`);
  return [
    ...paragraph('Question', served.question),
    '',
    ...sideBySide([`before: ${oneLine(base)}`, served.baseAnswer], [`after: ${served.model}`, served.answer], style),
    '',
    ...paragraph('Expected', served.expected),
  ];
}

function placeLines(result: MainJobResult, stays: boolean, style: ViewStyle): string[] {
  const places: (readonly [string, string])[] = [];
  if (result.ggufPath !== null) places.push(['model', result.ggufPath]);
  if (result.adapterPath !== null) places.push(['adapter', result.adapterPath]);
  places.push(['folder', result.home]);
  if (stays && result.served !== null) places.push(['server', result.served.url]);
  places.push([
    'Ollama',
    result.ollama.used
      ? `deployed (version ${result.ollama.version ?? 'unknown'})`
      : `not used: ${oneLine(result.ollama.reason)}`,
  ]);
  return [style.palette.strong('Where things are'), ...pairs(places, style).map((line) => `  ${line}`)];
}

function timeLines(result: MainJobResult, style: ViewStyle): string[] {
  const cells = Object.entries(result.stepSeconds).map(([step, seconds]) => {
    const time = result.reused.includes(step) ? 'reused' : duration(seconds);
    return `${padEnd(stepName(step), 11)}${padStart(time, 11)}`;
  });
  const cellWidth = 22 + 4;
  const across = Math.max(1, Math.floor((style.width - 2) / cellWidth));
  const down = Math.ceil(cells.length / across);
  const lines = Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (__, column) => padEnd(cells[column * down + row] ?? '', cellWidth))
      .join('')
      .trimEnd(),
  );
  const spent = Object.entries(result.stepSeconds).reduce(
    (sum, [step, seconds]) => sum + (result.reused.includes(step) ? 0 : seconds),
    0,
  );
  return [
    `${style.palette.strong('How long each step took')}${style.palette.faint(`   ${duration(spent)} in all`)}`,
    ...lines.map((line) => `  ${style.palette.faint(line)}`),
  ];
}

/** Three commands to go on with, the first one ready to be typed. */
function nextLines(result: MainJobResult, style: ViewStyle): string[] {
  const model = `${result.name}:v${result.version}`;
  const next: readonly (readonly [string, string])[] = [
    result.ggufPath === null
      ? [`forge models show ${model}`, 'see what was kept']
      : [`forge inference ${model} "your question"`, 'ask it something'],
    ['forge train --dataset your-examples.csv', 'the same with your own examples'],
    ['forge ui', 'open the interface'],
  ];
  const width = Math.max(...next.map(([command]) => displayWidth(command)));
  return [
    style.palette.strong('Next'),
    ...next.map(([command, purpose]) => {
      const line = `  ${style.palette.accent(padEnd(command, width))}   ${style.palette.faint(purpose)}`;
      return displayWidth(line) > style.width ? `  ${style.palette.accent(command)}` : line;
    }),
  ];
}

/** Everything a person is told when the chain is through. `notes`: remarks of the steps; `stays`: the server goes on, so its address is told. */
export function resultView(
  result: MainJobResult,
  { notes, stays }: { notes: readonly string[]; stays: boolean },
  given: ViewStyle,
): string[] {
  const style = { ...given, width: Math.min(given.width, widest) };
  const remarks = notes.flatMap((note) =>
    wrap(oneLine(note), style.width - 4).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`),
  );
  const sections = [
    verdictLines(result, style),
    scoreLines(result, style),
    answerLines(result, style),
    remarks.length === 0 ? [] : [style.palette.strong('Notes'), ...remarks.map((line) => `  ${line}`)],
    placeLines(result, stays, style),
    timeLines(result, style),
    nextLines(result, style),
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}
