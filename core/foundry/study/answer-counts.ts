import type { CanonicalRow } from '#contract/rows.ts';
import type { NamedRows, StudyReport } from '#contract/study.ts';
import { codeBlocksOf, codeStateOf, type CodeParser } from '../filters/find-code.ts';
import { isRefusal } from '../filters/find-refusal.ts';
import { createEchoMeasure } from '../filters/measure-echo.ts';
import { qualityOf } from '../filters/measure-quality.ts';
import { createNumberHistogram } from './number-histogram.ts';
import { createRepeatedWordings } from './repeated-wordings.ts';
import { createNameCounter, createRowCounter, type RowCounter } from './row-links.ts';
import type { RowLists } from './row-lists.ts';

/** An answer under this many characters is short. */
const shortCharacters = 20;
/** Above this share of copied five-word runs an answer is an echo. */
const echoAbove = 0.5;
/** Answers that are one of at most so many, each given several times, are labels. */
const [mostLabels, leastPerLabel, longestLabel] = [50, 3, 200];
const letterOrDigit = /[\p{L}\p{N}]/u;
const shareBounds = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const wordingWords = 6;
const openingWords = 5;

type AnswerReport = Pick<
  StudyReport,
  'code' | 'empty' | 'short' | 'refusals' | 'echoes' | 'repeated' | 'quality' | 'labels'
>;

export interface AnswerCounts {
  add(row: CanonicalRow, prompt: string, answer: string): void;
  report(): AnswerReport;
}

/** Everything a study tells about the answers. Rows without one (kind `prompt`) are not counted. */
export function createAnswerCounts(parse: CodeParser, lists: RowLists | null): AnswerCounts {
  const echo = createEchoMeasure();
  const [empty, short, refusals, echoes] = counters(lists);
  const code = createCodeCounts(parse, lists);
  const labels = createLabelCounts(lists);
  const wordings = createRepeatedWordings({ words: wordingWords, openingOnly: false });
  const openings = createRepeatedWordings({ words: openingWords, openingOnly: true });
  const quality = createNumberHistogram(shareBounds, lists);
  return {
    add(row, prompt, answer) {
      if (row.kind === 'prompt') return;
      const { id } = row;
      if (!letterOrDigit.test(answer)) empty.add(id);
      else if (answer.trim().length < shortCharacters) short.add(id);
      if (isRefusal(answer)) refusals.add(id);
      if (row.kind !== 'text' && echo(prompt, answer) > echoAbove) echoes.add(id);
      code.add(id, answer);
      labels.add(row.kind === 'unpaired' ? String(row.label) : answer.trim(), id);
      wordings.add(answer, id);
      openings.add(answer, id);
      quality.add(Math.round(qualityOf(answer) * 100) / 100, id);
    },
    report: () => ({
      code: code.report(),
      empty: empty.link(),
      short: short.link(),
      refusals: refusals.link(),
      echoes: echoes.link(),
      repeated: { wordings: wordings.top(), openings: openings.top() },
      quality: quality.report(),
      labels: labels.report(),
    }),
  };
}

function counters(lists: RowLists | null): [RowCounter, RowCounter, RowCounter, RowCounter] {
  return [createRowCounter(lists), createRowCounter(lists), createRowCounter(lists), createRowCounter(lists)];
}

function createCodeCounts(
  parse: CodeParser,
  lists: RowLists | null,
): { add(id: string, answer: string): void; report(): StudyReport['code'] } {
  const [present, parses, broken, unchecked] = counters(lists);
  const languages = createNameCounter(lists);
  return {
    add(id, answer) {
      const state = codeStateOf(answer, parse);
      if (state === 'absent') return;
      present.add(id);
      ({ parses, broken, unchecked })[state].add(id);
      for (const language of new Set(codeBlocksOf(answer).map((block) => block.language))) languages.add(language, id);
    },
    report: () => ({
      present: present.link(),
      parses: parses.link(),
      broken: broken.link(),
      unchecked: unchecked.link(),
      languages: languages.all(),
    }),
  };
}

/** Gives up once there are more different answers than labels can be. */
function createLabelCounts(lists: RowLists | null): { add(label: string, id: string): void; report(): NamedRows[] } {
  const known = new Map<string, RowCounter>();
  let isFree = false;
  return {
    add(label, id) {
      if (isFree) return;
      const counter = known.get(label) ?? createRowCounter(lists);
      known.set(label, counter);
      counter.add(id);
      isFree = known.size > mostLabels || label.length > longestLabel;
      if (isFree) known.clear();
    },
    report() {
      const labels = [...known].map(([name, counter]) => ({ name, rows: counter.link() }));
      const rows = labels.reduce((sum, label) => sum + label.rows.count, 0);
      if (rows < labels.length * leastPerLabel) return [];
      return labels.toSorted((one, other) => other.rows.count - one.rows.count);
    },
  };
}
