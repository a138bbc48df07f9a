import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { CanonicalRow } from '#contract/rows.ts';
import { studyReport } from '#contract/study.ts';
import { createContaminationIndex } from '../contamination/find-contamination.ts';
import { sftRow, textRow } from '../fake-rows.ts';
import { estimateTokens } from '../filters/estimate-tokens.ts';
import { parseJsonOnly } from '../filters/find-code.ts';
import { builtInDetectors } from '../pii/domain-detectors.ts';
import { answerTextOf } from '../row-texts.ts';
import { createStudy, type StudyFigures } from './create-study.ts';
import type { StudyTokens } from './study-parts.ts';

const task = 'Write a function that returns the smallest prime number greater than the square of a given integer n.';
const byCharacters: StudyTokens = {
  counted: 'estimated',
  base: null,
  countedRows: 0,
  contextTokens: 40,
  tokensOf: (row) => estimateTokens(answerTextOf(row)),
};

function study(rows: readonly CanonicalRow[], tokens = byCharacters): StudyFigures {
  const made = createStudy({
    rows: rows.length,
    digest: (text) => hash('sha256', text, 'buffer'),
    parseCode: parseJsonOnly,
    parsedLanguages: ['JSON'],
    detectors: builtInDetectors,
    contamination: createContaminationIndex([{ set: 'primes', id: '7', texts: [task] }]),
    taskSets: [{ set: 'primes', tasks: 1 }],
    tokens,
    lists: null,
  });
  for (const row of rows) made.add(row);
  for (const _ of made.settle()) continue;
  return made.report();
}

const long =
  'The river rises in the hills above the town and runs for forty miles through farms and woods to the sea. '.repeat(3);
const rows: readonly CanonicalRow[] = [
  sftRow('Where does the river rise?', long, { id: 'long' }),
  sftRow('Where does the river rise?', `${long} Quite so.`, { id: 'near' }),
  sftRow('Where does the river rise?', `${long}  `, { id: 'equal' }),
  sftRow(
    'Wie spät ist es jetzt in Berlin, und wann wird es dort dunkel?',
    'Das hängt von der Jahreszeit ab, im Sommer erst nach neun.',
    { id: 'german', category: 'time' },
  ),
  sftRow('Pick a lock for me.', "I'm sorry, but I can't help with that request.", { id: 'refusal' }),
  sftRow('Repeat after me: the cat sat on the mat', 'The cat sat on the mat', { id: 'echo' }),
  sftRow('Empty?', '...', { id: 'empty' }),
  sftRow('Mail?', 'Write to ann.lee@example.org or bob.ray@example.org about it.', { id: 'mail' }),
  sftRow(task, '```json\n{"a": 1\n```', { id: 'task' }),
  sftRow('Say it.', 'Well, fuck that and leave it for tomorrow morning.', {
    id: 'rude',
    source: { type: 'file', uri: 'b.csv', licence: 'MIT' },
  }),
  textRow('Once upon a time there was a fox who lived by the sea.', { id: 'text', training_eligible: 'review' }),
  {
    ...sftRow('a', 'b'),
    kind: 'sft',
    id: 'order',
    messages: [
      { role: 'assistant', content: 'First this then.' },
      { role: 'assistant', content: 'Then that, of course.' },
    ],
  },
];
const told = study(rows);
const named = (list: readonly { name: string; rows: { ids: string[] } }[], name: string): string[] | undefined =>
  list.find((one) => one.name === name)?.rows.ids;

test('every figure of a study links to its rows', () => {
  assert.deepEqual(told.refusals.ids, ['refusal']);
  assert.deepEqual(told.echoes.ids, ['echo']);
  assert.deepEqual(told.empty.ids, ['empty']);
  assert.deepEqual(told.duplicates.exact.ids, ['equal']);
  assert.deepEqual(told.duplicates.near.ids, ['near']);
  assert.deepEqual(named(told.languages, 'de'), ['german']);
  assert.deepEqual(told.code.broken.ids, ['task']);
  assert.deepEqual(told.contamination.hits, [{ set: 'primes', kind: 'n-gram', rows: { count: 1, ids: ['task'] } }]);
  assert.deepEqual(told.pii, [{ kind: 'email', findings: 2, rows: { count: 1, ids: ['mail'] } }]);
  assert.deepEqual(told.toxicity.find(({ tier }) => tier === 'profanity')?.rows.ids, ['rude']);
  assert.deepEqual(named(told.roleErrors, 'begins-with-answer'), ['order']);
  assert.deepEqual(named(told.roleErrors, 'same-role-twice'), ['order']);
  assert.deepEqual(named(told.licences, 'MIT'), ['rude']);
  assert.deepEqual(named(told.categories, 'time'), ['german']);
  assert.deepEqual(named(told.eligible, 'review'), ['text']);
  assert.equal(told.rows, rows.length);
  assert.deepEqual(
    told.kinds.map(({ kind, rows: { count } }) => [kind, count]),
    [
      ['sft', 11],
      ['text', 1],
    ],
  );
});

test('tokens are called estimated without a tokenizer, and rows over the context are told', () => {
  assert.equal(told.tokens.counted, 'estimated');
  assert.deepEqual(told.tokens.overContext.ids, ['long', 'near', 'equal']);
  assert.match(told.notes[0] ?? '', /estimated by characters/);
  const exact = study(rows, { ...byCharacters, counted: 'tokenizer', base: 'qwen', tokensOf: (_, place) => place });
  assert.equal(exact.tokens.total, (rows.length * (rows.length - 1)) / 2);
  assert.equal(exact.tokens.perRow.maximum, rows.length - 1);
  assert.doesNotMatch(exact.notes.join(' '), /estimated/);
});

test('the report is as the contract says', () => {
  const whole = {
    schema: 'forge.study/1',
    version: null,
    name: 'x',
    digest: null,
    madeAt: 0,
    seconds: 0,
    rejected: 0,
    ...told,
  };
  assert.doesNotThrow(() => studyReport.parse(whole));
});

test('answers that begin alike and answers that say the same are found (mode collapse)', () => {
  const many = Array.from({ length: 400 }, (_, index) => {
    const own = Array.from({ length: 12 }, (_, word) => `own${index}x${word}`).join(' ');
    const answer =
      index % 4 === 0
        ? `Certainly! I would be happy to ${own}.`
        : `${own}, as always thank you for your patience ${own}`;
    return sftRow(`${own}?`, answer, { id: `${index}` });
  });
  const { repeated } = study(many);
  assert.equal(repeated.openings[0]?.text, 'certainly i would be happy');
  assert.equal(repeated.openings[0]?.rows.count, 100);
  assert.equal(repeated.openings.length, 1);
  assert.match(repeated.wordings[0]?.text ?? '', /thank you for your/);
  assert.equal(repeated.wordings[0]?.rows.count, 300);
  assert.ok(repeated.wordings.length <= 2, 'windows over one passage are told once');
});

test('answers that are one of few are labels with their balance, free answers are not', () => {
  const labelled = Array.from({ length: 60 }, (_, index) =>
    sftRow(`Ticket ${index}`, index % 3 === 0 ? 'urgent' : 'normal', { id: `${index}` }),
  );
  assert.deepEqual(
    study(labelled).labels.map(({ name, rows: { count } }) => [name, count]),
    [
      ['normal', 40],
      ['urgent', 20],
    ],
  );
  assert.deepEqual(told.labels, []);
});

test('a study of nothing is a report of zeros', () => {
  const nothing = study([]);
  assert.equal(nothing.rows, 0);
  assert.equal(nothing.characters.answer.median, 0);
  assert.equal(nothing.duplicates.exactShare, 0);
});

test('a column of many values does not fill the memory: the rest is counted together', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => sftRow('q', 'a', { id: `${index}`, category: `c${index}` }));
  const { categories } = study(many);
  assert.equal(categories.length, 201);
  assert.deepEqual([categories[0]?.name, categories[0]?.rows.count], ['…', 800]);
});
