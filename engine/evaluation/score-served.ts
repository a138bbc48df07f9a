import { createReadStream } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { DatasetRow } from '#contract/datasets.ts';
import { rowScore, type RowScore, type ScoringSpec } from '#contract/evaluation.ts';
import type { ChatMessage } from '#contract/serving.ts';
import { scoreAnswer } from '#core/evaluation/score-answer.ts';
import type { ModelServer } from '#core/ports/model-server.ts';
import type { StepProgress } from '../main-job/step.ts';

/** One answer as served, kept with everything needed to score it again without the model (E-3). */
export const servedAnswer = z.object({
  row: z.string(),
  group: z.string(),
  answer: z.string(),
  expected: z.string(),
  score: rowScore,
  promptTokens: z.number(),
  completionTokens: z.number(),
  milliseconds: z.number(),
});
export type ServedAnswer = z.infer<typeof servedAnswer>;

export interface ServedEvaluation {
  readonly server: ModelServer;
  readonly ggufPath: string;
  readonly rows: readonly DatasetRow[];
  readonly scoring: ScoringSpec;
  /** One line per answered row; an interrupted evaluation goes on behind the last whole line. */
  readonly answersPath: string;
  /** The longest answer allowed, in tokens. */
  readonly maximumTokens: number;
  readonly contextTokens: number;
  readonly signal: AbortSignal;
  readonly report: (progress: StepProgress) => void;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
}

/** Conversations answered at once. One: on a CPU more sequences share the same arithmetic and only add waiting. */
const concurrency = 1;

/** Splits a row into what is asked and what is expected: the last assistant message is the answer. */
export function questionOf(row: DatasetRow): { messages: ChatMessage[]; expected: string } {
  const last = row.messages.findLastIndex(({ role }) => role === 'assistant');
  return {
    messages: row.messages.slice(0, last).map(({ role, content }) => ({ role, content })),
    expected: row.messages[last]?.content ?? '',
  };
}

/** The token limit for an answer: one and a half times the longest expected one, so that rambling is cut but nothing right is. */
export async function answerTokenLimit(server: ModelServer, rows: readonly DatasetRow[]): Promise<number> {
  const longest = rows.map((row) => questionOf(row).expected).reduce((a, b) => (b.length > a.length ? b : a), '');
  const tokens = await server.tokenise(longest);
  return Math.min(2048, Math.max(16, Math.ceil(tokens.length * 1.5)));
}

/** Scores one GGUF file on the rows through the server that serves it. Greedy, so two runs give the same scores (E-2). */
export async function scoreServed(evaluation: ServedEvaluation): Promise<ServedAnswer[]> {
  await mkdir(path.dirname(evaluation.answersPath), { recursive: true });
  const known = await readAnswers(evaluation.answersPath);
  const byRow = new Map(known.map((answer) => [answer.row, answer]));
  const open = evaluation.rows.filter((row) => !byRow.has(row.id));
  const started = evaluation.monotonicMs();
  let answered = 0;
  const next = async (): Promise<void> => {
    for (let row = open.shift(); row !== undefined; row = open.shift()) {
      evaluation.signal.throwIfAborted();
      const answer = await answerRow(evaluation, row);
      await appendFile(evaluation.answersPath, `${JSON.stringify(answer)}\n`);
      byRow.set(row.id, answer);
      answered += 1;
      const secondsEach = (evaluation.monotonicMs() - started) / 1000 / answered;
      evaluation.report({
        text: `${byRow.size} of ${evaluation.rows.length} held-out rows answered`,
        fraction: byRow.size / evaluation.rows.length,
        etaSeconds: secondsEach * (evaluation.rows.length - byRow.size),
      });
    }
  };
  if (open.length > 0)
    await evaluation.server.load(
      { path: evaluation.ggufPath, contextTokens: evaluation.contextTokens },
      evaluation.signal,
    );
  await Promise.all(Array.from({ length: concurrency }, next));
  return evaluation.rows.map((row) => byRow.get(row.id)).filter((answer) => answer !== undefined);
}

async function answerRow(evaluation: ServedEvaluation, row: DatasetRow): Promise<ServedAnswer> {
  const { messages, expected } = questionOf(row);
  const request = {
    messages,
    temperature: 0,
    maximumTokens: evaluation.maximumTokens,
    stopWhenJsonCloses: evaluation.scoring.kind === 'json-fields',
  };
  let answer = '';
  const answerFacts = { promptTokens: 0, completionTokens: 0, milliseconds: 0 };
  for await (const event of evaluation.server.chat(request, evaluation.signal)) {
    if (event.kind === 'delta') answer += event.text;
    else {
      answerFacts.promptTokens = event.usage.promptTokens;
      answerFacts.completionTokens = event.usage.completionTokens;
      answerFacts.milliseconds = event.totalMs;
    }
  }
  const score: RowScore = scoreAnswer(evaluation.scoring, answer, expected);
  return { row: row.id, group: row.group, answer, expected, score, ...answerFacts };
}

/** Whole lines only: the half line of a killed run is left out, and its row is answered again. */
export async function readAnswers(file: string): Promise<ServedAnswer[]> {
  const answers = new Map<string, ServedAnswer>();
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      const parsed = parseAnswer(line);
      if (parsed) answers.set(parsed.row, parsed);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return [...answers.values()];
}

function parseAnswer(line: string): ServedAnswer | null {
  try {
    const parsed = servedAnswer.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
