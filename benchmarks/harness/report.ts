import { verdictOf, type Bar, type Benchmark, type Figure, type PromisedFigure } from './benchmark.ts';
import type { MachineDescription, MeasuredFile, Measurement } from './measured-file.ts';

type Announced = Pick<Benchmark, 'name' | 'question' | 'minutes' | 'promises'>;

const header = ['| figure | bar | measured | verdict | command |', '| --- | --- | --- | --- | --- |'];

/** The text of docs/measured.md: every figure the project promises, measured or not. */
export function renderReport(benchmarks: readonly Announced[], { measurements }: MeasuredFile): string {
  const found = new Map(measurements.map((each) => [each.benchmark, each]));
  const rows = benchmarks.flatMap((benchmark) => rowsOf(benchmark, found.get(benchmark.name)));
  const open = benchmarks.filter(({ name }) => !isMeasured(found.get(name)));
  const done = benchmarks.flatMap(({ name, question }) => {
    const measurement = found.get(name);
    return measurement !== undefined && isMeasured(measurement) ? sectionOf(question, measurement) : [];
  });
  return [...introduction, ...header, ...rows, '', ...openList(open, found), ...done].join('\n').trimEnd() + '\n';
}

const introduction = [
  '# Measured figures',
  '',
  'Written by `npm run bench` from [measured.json](measured.json); not edited by hand. Every figure is a ratio between things measured in one run, or a median.',
  'Figures of different machines or days say nothing about each other: each section names its machine.',
  '',
];

function isMeasured(measurement: Measurement | undefined): boolean {
  return measurement !== undefined && measurement.figures.length > 0;
}

function rowsOf(benchmark: Announced, measurement: Measurement | undefined): string[] {
  const command = `\`npm run bench -- --only ${benchmark.name}\``;
  if (measurement === undefined || !isMeasured(measurement))
    return benchmark.promises.map(({ name, bar }) => row([name, bar, 'not measured yet', '', command]));
  const missing = benchmark.promises.filter(({ name }) => measurement.figures.every((figure) => figure.name !== name));
  return [
    ...measurement.figures.map((figure) => figureRow(figure, command)),
    ...missing.map(({ name, bar }: PromisedFigure) => row([name, bar, 'not measured in this run', '', command])),
  ];
}

function figureRow(figure: Figure, command: string): string {
  const verdict = verdictOf(figure);
  const shown = verdict === 'missed' ? '**missed**' : verdict === 'met' ? 'met' : '';
  return row([figure.name, barText(figure), quantity(figure.value, figure.unit), shown, command]);
}

function barText({ bar, unit }: { readonly bar: Bar | null; readonly unit: string }): string {
  return bar === null ? '' : `${bar.kind} ${quantity(bar.value, unit)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** A cell must stay one cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

/** Three figures that count; what is smaller than a thousandth in powers of ten. */
export function quantity(value: number, unit: string): string {
  const size = Math.abs(value);
  let text: string;
  if (!Number.isFinite(value)) text = 'not a number';
  else if (size !== 0 && size < 0.001) text = value.toExponential(1);
  else if (size >= 100) text = Math.round(value).toString();
  else text = Number(value.toPrecision(3)).toString();
  return unit === '' ? text : `${text} ${unit}`;
}

function openList(open: readonly Announced[], found: ReadonlyMap<string, Measurement>): string[] {
  if (open.length === 0) return [];
  const lines = open.map(({ name, question, minutes }) => {
    const obstacle = found.get(name)?.obstacle;
    const why = obstacle == null ? `takes about ${minutes} min` : `tried and not possible: ${cell(obstacle)}`;
    return `- **${name}**: ${question} (${why})`;
  });
  return ['## Not measured yet', '', ...lines, ''];
}

function sectionOf(question: string, measurement: Measurement): string[] {
  const { benchmark, date, commit, command, machine, loadBefore, seconds, figures } = measurement;
  return [
    `## ${benchmark}`,
    '',
    question,
    '',
    ...figures.map(
      ({ name, value, unit, detail }) => `- ${name}: ${quantity(value, unit)}${detail === '' ? '' : `. ${detail}`}`,
    ),
    '',
    `${date.slice(0, 10)}, commit ${commit}, ${seconds.toFixed(0)} s, load before the run ${loadBefore.toFixed(1)}; ${machineText(machine)}. \`${command}\``,
    '',
  ];
}

function machineText({ processor, cores, memoryBytes, system, node }: MachineDescription): string {
  return `${processor}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}, Node ${node}`;
}
