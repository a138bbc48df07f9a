import assert from 'node:assert/strict';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { ForgeError } from '#contract/errors.ts';
import { answerPage } from '#contract/evaluation.ts';
import { createVersion } from '../exports/version-fixture.ts';
import { createAnswerReader } from './answers.ts';

const version = await createVersion();
after(() => version.dispose());
const read = createAnswerReader(version.store);
const inVersion = (name: string): string => path.join(version.directory, name);
const question = { id: 'tiny-v1', order: 'worst-first', offset: 0, limit: 10 } as const;

function answer(row: string, points: number): string {
  const score = { points, valid: true, allRight: points === 100, parts: {} };
  const figures = { promptTokens: 1, completionTokens: 1, milliseconds: 1 };
  return `${JSON.stringify({ row, group: row, answer: `${points} for ${row}`, expected: `wanted ${row}`, score, ...figures })}\n`;
}

function heldOut(id: string, ...contents: string[]): string {
  const turns = contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
  const messages = [{ role: 'system', content: 'Be brief.' }, ...turns, { role: 'assistant', content: 'wanted' }];
  return `${JSON.stringify({ id, kind: 'sft', messages, group: id })}\n`;
}

const part = { rows: 3, meanPoints: 0, validShare: 0, allRightShare: 0, parts: {} };
const summary = { ...part, allRightInterval: [0, 0] as [number, number] };
const comparison = {
  ...{ rows: 3, clusters: 3, baseMean: 0, tunedMean: 0, delta: 0, interval: null, p: null, minimumVisible: null },
  ...{ mcnemar: null, resamples: 0, seed: 1 },
};
const judged = {
  summary,
  baseSummary: summary,
  comparison,
  verdict: { kind: 'too-few', sentence: 'Too few.' },
} as const;

async function writeAnswers(name: string, points: Readonly<Record<string, number>>): Promise<void> {
  await mkdir(inVersion('evaluation'), { recursive: true });
  const lines = Object.entries(points).map(([row, value]) => answer(row, value));
  await writeFile(inVersion(`evaluation/${name}.jsonl`), lines.join(''));
}

test('without an evaluation there are no rows, and an unknown main job is refused', async () => {
  assert.deepEqual(await read(question), { total: 0, rows: [] });
  for (const id of ['nobody-v1', '../tiny-v1', 'tiny-v2'])
    await assert.rejects(
      read({ ...question, id }),
      (error) => error instanceof ForgeError && error.code === 'engine.not-found',
    );
});

test('rows of both sides are joined, in the order asked for, a page at a time', async () => {
  await version.measured('served file');
  await version.finish('baseline', { answersPath: 'evaluation/base.jsonl', type: 'Q8_0', summary });
  await version.finish('evaluate', { answersPath: 'evaluation/tuned.jsonl', ...judged });
  await writeAnswers('base', { a: 50, b: 0, c: 0, d: 100, onlyBase: 1 });
  await writeAnswers('tuned', { a: 0, b: 100, c: 100, d: 100, onlyTuned: 1 });
  const rows =
    heldOut('a', 'Where?') + heldOut('b', 'Hello', 'Yes?', 'And <b>why</b>?') + heldOut('d', 'x'.repeat(200_000));
  await writeFile(inVersion('data/held-out.jsonl'), rows);
  const ids = async (order: 'worst-first' | 'best-first' | 'as-in-file', offset = 0): Promise<string> => {
    const page = answerPage.parse(await read({ ...question, order, offset, limit: 3 }));
    return `${page.total}: ${page.rows.map(({ id, change }) => `${id}${change}`).join(' ')}`;
  };
  assert.deepEqual(
    [await ids('worst-first'), await ids('best-first'), await ids('as-in-file', 2), await ids('worst-first', 9)],
    ['4: a-50 d0 b100', '4: b100 c100 d0', '4: c100 d0', '4: '],
  );
  const { rows: shown } = await read(question);
  assert.deepEqual(shown[0], {
    id: 'a',
    prompt: 'Where?',
    expected: 'wanted a',
    base: { answer: '50 for a', points: 50 },
    tuned: { answer: '0 for a', points: 0 },
    change: -50,
  });
  assert.deepEqual(
    shown.map(({ prompt }) => prompt.slice(0, 60)),
    ['Where?', 'x'.repeat(60), 'user: Hello\nassistant: Yes?\nuser: And <b>why</b>?', ''],
  );
  assert.equal(shown[1]?.prompt.length, 20_001);
});

test('a torn line and a line that is none are left out, a later answer of the same row counts', async () => {
  await appendFile(inVersion('evaluation/tuned.jsonl'), `not json\n{"row":"a"}\n${answer('a', 75)}{"row":"b","gro`);
  const { total, rows } = await read({ ...question, order: 'as-in-file' });
  assert.deepEqual([total, rows[0]?.change, rows[0]?.tuned.answer], [4, 25, '75 for a']);
});

test('where the base was scored again in another file type, those answers are shown', async () => {
  await version.finish('baseline', { answersPath: 'evaluation/base.jsonl', type: 'Q4_K_M', summary });
  assert.deepEqual(await read(question), { total: 0, rows: [] }, 'answers of another file type are never compared');
  await writeAnswers('base-again', { a: 75 });
  await version.finish('evaluate', {
    answersPath: 'evaluation/tuned.jsonl',
    baseAnswersPath: 'evaluation/base-again.jsonl',
    ...judged,
  });
  assert.deepEqual(
    (await read(question)).rows.map(({ change }) => change),
    [0],
  );
  await rm(inVersion('evaluation'), { recursive: true });
  assert.deepEqual(await read(question), { total: 0, rows: [] });
});
