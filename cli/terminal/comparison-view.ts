import type {
  ComparedAnswer,
  ComparisonEvent,
  ComparisonTurn,
  ComparisonView,
  CostEstimate,
} from '#contract/comparisons.ts';
import { table } from './table.ts';
import { oneLine, plainText } from './text.ts';
import { counted, dateAndMinute, duration, timeLeft } from './units.ts';
import type { ViewStyle } from './view-style.ts';

/** US dollars with as many places as tell something: `$0.0031`, `$1.20`. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  return `$${usd >= 0.1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** `212 tokens, first after 0.31 s, 48 tokens/s, $0.0031`. */
export function answerNote({ usage, firstTokenMs, tokensPerSecond, costUsd }: ComparedAnswer): string {
  return [
    ...(usage === null ? [] : [counted(usage.completionTokens, 'token')]),
    ...(firstTokenMs === null ? [] : [`first after ${(firstTokenMs / 1000).toFixed(2)} s`]),
    ...(tokensPerSecond === null ? [] : [`${tokensPerSecond.toFixed(0)} tokens/s`]),
    ...(costUsd === null || costUsd === 0 ? [] : [dollars(costUsd)]),
  ].join(', ');
}

/**
 * Answers that come at the same time, as text that is written one after another: the first pane as it comes, each next one when those before
 * it are done, with what it has by then.
 */
export function createPaneWriter(style: ViewStyle): (event: ComparisonEvent) => string {
  const texts: string[] = [];
  const settled: (ComparedAnswer | undefined)[] = [];
  const labels: string[] = [];
  let current = 0;
  let written = 0;
  const writeCurrent = (): string => {
    const label = labels[current];
    const text = texts[current] ?? '';
    const done = settled[current];
    if (label === undefined || (text === '' && done === undefined)) return '';
    const heading = written === 0 && !begun.has(current) ? `${style.palette.strong(label)}\n` : '';
    begun.add(current);
    const more = plainText(text.slice(written));
    written = text.length;
    if (done === undefined) return heading + more;
    current += 1;
    written = 0;
    return `${heading}${more}${endOf(done, text === '', style)}${writeCurrent()}`;
  };
  const begun = new Set<number>();
  return (event) => {
    if (event.kind === 'delta') texts[event.pane] = (texts[event.pane] ?? '') + event.text;
    if (event.kind !== 'turn') return event.kind === 'delta' ? writeCurrent() : '';
    for (const answer of event.turn.answers) {
      labels[answer.pane] = answer.label;
      // A text only grows; a snapshot that is behind what was written already changes nothing.
      if (answer.text.length >= (texts[answer.pane] ?? '').length) texts[answer.pane] = answer.text;
      if (['done', 'failed', 'stopped'].includes(answer.state)) settled[answer.pane] = answer;
    }
    return writeCurrent();
  };
}

function endOf(answer: ComparedAnswer, isEmpty: boolean, { palette }: ViewStyle): string {
  const { failure } = answer;
  const why =
    failure === null ? answerNote(answer) : `${palette.bad(oneLine(failure.message))} ${oneLine(failure.remedy)}`;
  return `${isEmpty ? '' : '\n'}${failure === null ? palette.faint(why) : why}\n\n`;
}

/** One line while a set runs. */
export function progressLine(view: ComparisonView): string {
  return [
    `${view.finishedTurns} of ${counted(view.turns, 'prompt')}`,
    ...(view.etaSeconds === null ? [] : [timeLeft(view.etaSeconds)]),
    ...(view.spentUsd === 0 ? [] : [`${dollars(view.spentUsd)} spent`]),
  ].join(', ');
}

export function estimateLine({ prompts, usdAtMost, secondsAbout, panes }: CostEstimate): string {
  const paid = panes.some((pane) => pane.usdAtMost !== 0);
  return [
    counted(prompts, 'prompt'),
    ...(paid ? [usdAtMost === null ? 'cost not known' : `at most ${dollars(usdAtMost)}`] : ['costs nothing']),
    ...(secondsAbout === null ? [] : [`about ${duration(secondsAbout)}`]),
  ].join(', ');
}

/** What a set came to, a line a model. Of a blind one the names are not known until every prompt was voted on. */
export function comparisonTable(view: ComparisonView, turns: readonly ComparisonTurn[], style: ViewStyle): string[] {
  if (view.models.some(({ model }) => model === null))
    return [`${progressLine(view)}. It is blind: vote in the window (\`forge ui\`) to see the names.`];
  const columns = [
    { title: 'model', flexible: true },
    { title: 'answers', align: 'right' as const },
    { title: 'failed', align: 'right' as const },
    { title: 'points of 100', align: 'right' as const },
    { title: 'a prompt', align: 'right' as const },
    { title: 'cost', align: 'right' as const },
  ];
  const rows = view.models.map(({ label }) => {
    const answers = turns.flatMap((turn) => turn.answers.filter((answer) => answer.label === label));
    const done = answers.filter(({ state }) => state === 'done');
    const times = done.flatMap(({ totalMs }) => totalMs ?? []);
    const costs = done.map(({ costUsd }) => costUsd);
    const points = view.meanPoints?.[label];
    return [
      oneLine(label),
      String(done.length),
      String(answers.filter(({ state }) => state === 'failed').length),
      points === undefined ? '' : points.toFixed(1),
      times.length === 0 ? '' : duration(times.reduce((sum, ms) => sum + ms, 0) / times.length / 1000),
      costs.includes(null) ? 'not known' : dollars(costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0)),
    ];
  });
  return table(columns, rows, style);
}

export function comparisonList(views: readonly ComparisonView[], style: ViewStyle): string[] {
  if (views.length === 0) return ['No comparisons yet. Begin with `forge compare "a prompt" --model ... --model ...`.'];
  const columns = [
    { title: 'id' },
    { title: 'title', flexible: true },
    { title: 'state' },
    { title: 'prompts', align: 'right' as const },
    { title: 'made' },
  ];
  const rows = views.map(({ id, title, state, finishedTurns, turns, createdAt }) => [
    id,
    oneLine(title),
    state,
    `${finishedTurns}/${turns}`,
    dateAndMinute(createdAt),
  ]);
  return table(columns, rows, style);
}
