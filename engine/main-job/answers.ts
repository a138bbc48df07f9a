import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BuildFile } from '#contract/build-file.ts';
import { datasetRow } from '#contract/datasets.ts';
import { ForgeError } from '#contract/errors.ts';
import { points, type AnsweredRow, type answerOrder, type answerPage } from '#contract/evaluation.ts';
import { readLines } from '#native-bridge/files/read-lines.ts';
import { questionOf, servedAnswer, type ServedAnswer } from '../evaluation/score-served.ts';
import type { BuildStore } from './build-store.ts';
import { outputOf } from './runner.ts';

export interface AnswerQuestion {
  readonly id: string;
  readonly order: z.infer<typeof answerOrder>;
  readonly offset: number;
  readonly limit: number;
}

export type AnswerPage = z.infer<typeof answerPage>;
export type AnswerReader = (question: AnswerQuestion) => Promise<AnswerPage>;

/** A line of an answer or row file; longer ones are not Forge's. */
const maximumLineBytes = 16 * 1_048_576;
/** Of each text of a row; more is for the file, not for a page. */
const maximumTextCharacters = 20_000;
const maximumRows = 100_000;
/** Orders of evaluations kept in memory, so that turning a page reads only the page. */
const keptOrders = 4;

/** What sorting needs; the rest of a line is read when its page is asked for. */
const scoredLine = z.object({ row: z.string(), score: z.object({ points }) });

interface ScoredRow {
  readonly row: string;
  readonly change: number;
}

interface AnswerFiles {
  readonly base: string;
  readonly tuned: string;
  readonly rows: string;
}

/**
 * The held-out rows with the answers of base and tuned model, joined from the files that the evaluation left. No rows where nothing was evaluated
 * yet; a row that one side has no answer for is left out. @throws ForgeError `engine.not-found`
 */
export function createAnswerReader(store: BuildStore): AnswerReader {
  const known = new Map<string, readonly ScoredRow[]>();
  const scoredRows = async (files: AnswerFiles): Promise<readonly ScoredRow[]> => {
    const stamp = `${await stampOf(files.base)} ${await stampOf(files.tuned)}`;
    const rows = known.get(stamp) ?? (await readScores(files));
    known.delete(stamp);
    known.set(stamp, rows);
    const [oldest] = known.keys();
    if (known.size > keptOrders && oldest !== undefined) known.delete(oldest);
    return rows;
  };
  return async ({ id, order, offset, limit }) => {
    const build = await store.byId(id);
    if (build === null) throw new ForgeError('engine.not-found', { kind: 'main job', id, command: 'models' });
    const files = answerFiles(build, store.directory(build));
    if (files === null) return { total: 0, rows: [] };
    const scored = await scoredRows(files);
    const wanted = inOrder(scored, order).slice(offset, offset + limit);
    return { total: scored.length, rows: await readRows(files, wanted) };
  };
}

function answerFiles(build: BuildFile, directory: string): AnswerFiles | null {
  const isDone = ['done', 'reused'].includes(build.steps.evaluate?.state ?? '');
  if (!isDone) return null;
  const { answersPath, baseAnswersPath } = outputOf(build, 'evaluate');
  const baseline = outputOf(build, 'baseline');
  // An older version that scored the base again did not say where: its first answers are of another file type.
  if (baseAnswersPath === undefined && baseline.type !== outputOf(build, 'parity').type) return null;
  return {
    base: path.join(directory, baseAnswersPath ?? baseline.answersPath),
    tuned: path.join(directory, answersPath),
    rows: path.join(directory, outputOf(build, 'dataset').heldOutPath),
  };
}

async function stampOf(file: string): Promise<string> {
  const facts = await stat(file).catch(() => null);
  return facts === null ? `${file} gone` : `${file} ${facts.size} ${facts.mtimeMs}`;
}

async function readScores({ base, tuned }: AnswerFiles): Promise<readonly ScoredRow[]> {
  const before = await scoresOf(base);
  const rows: ScoredRow[] = [];
  for (const [row, tunedPoints] of await scoresOf(tuned)) {
    const basePoints = before.get(row);
    if (basePoints !== undefined) rows.push({ row, change: tunedPoints - basePoints });
  }
  return rows;
}

/** Points by row, in the order of the file; a row answered twice counts with its later answer. */
async function scoresOf(file: string): Promise<Map<string, number>> {
  const scores = new Map<string, number>();
  for await (const line of readLines(file, maximumLineBytes)) {
    const parsed = parseLine(line, scoredLine);
    if (parsed !== null) scores.set(parsed.row, parsed.score.points);
    if (scores.size >= maximumRows) break;
  }
  return scores;
}

function inOrder(rows: readonly ScoredRow[], order: AnswerQuestion['order']): readonly ScoredRow[] {
  if (order === 'as-in-file') return rows;
  const sign = order === 'worst-first' ? 1 : -1;
  // Equal ones stay as in the file.
  return rows.toSorted((one, other) => sign * (one.change - other.change));
}

async function readRows(files: AnswerFiles, wanted: readonly ScoredRow[]): Promise<AnsweredRow[]> {
  if (wanted.length === 0) return [];
  const ids = new Set(wanted.map(({ row }) => row));
  const [base, tuned, prompts] = [
    await answersOf(files.base, ids),
    await answersOf(files.tuned, ids),
    await promptsOf(files.rows, ids),
  ];
  return wanted.flatMap(({ row, change }) => {
    const [before, after] = [base.get(row), tuned.get(row)];
    // A file that was changed between the two readings.
    if (before === undefined || after === undefined) return [];
    const side = ({ answer, score }: ServedAnswer): AnsweredRow['base'] => ({
      answer: cut(answer),
      points: score.points,
    });
    const prompt = cut(prompts.get(row) ?? '');
    return [{ id: row, prompt, expected: cut(after.expected), base: side(before), tuned: side(after), change }];
  });
}

async function answersOf(file: string, ids: ReadonlySet<string>): Promise<Map<string, ServedAnswer>> {
  const answers = new Map<string, ServedAnswer>();
  for await (const line of readLines(file, maximumLineBytes)) {
    const parsed = parseLine(line, servedAnswer);
    if (parsed !== null && ids.has(parsed.row)) answers.set(parsed.row, parsed);
  }
  return answers;
}

async function promptsOf(file: string, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  const prompts = new Map<string, string>();
  for await (const line of readLines(file, maximumLineBytes)) {
    const row = parseLine(line, datasetRow);
    if (row === null || !ids.has(row.id)) continue;
    prompts.set(row.id, promptText(questionOf(row).messages));
    if (prompts.size === ids.size) break;
  }
  return prompts;
}

/** What the person reads as the question: the one message, or the turns with their speakers. The system message is the same for all rows. */
function promptText(messages: readonly { readonly role: string; readonly content: string }[]): string {
  const turns = messages.filter(({ role }) => role !== 'system');
  const [only] = turns;
  if (turns.length === 1 && only !== undefined) return only.content;
  return turns.map(({ role, content }) => `${role}: ${content}`).join('\n');
}

function cut(text: string): string {
  return text.length <= maximumTextCharacters ? text : `${text.slice(0, maximumTextCharacters).toWellFormed()}…`;
}

function parseLine<T>(line: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    // The half line of a killed run.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
