import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { StepOutcome } from '#contract/dataset-versions.ts';
import { ForgeError } from '#contract/errors.ts';
import type { CanonicalRow } from '#contract/rows.ts';
import { createContaminationIndex } from '../contamination/find-contamination.ts';
import { sftRow, textRow } from '../fake-rows.ts';
import { builtInDetectors } from '../pii/domain-detectors.ts';
import { answerTextOf, textsOf } from '../row-texts.ts';
import { piiKinds } from '#contract/dataset-checks.ts';
import { applySteps } from './apply-steps.ts';
import { piiFilter } from './check-filters.ts';
import { createRowFilter, type FilterViewStep } from './create-row-filter.ts';
import { parseJsonOnly } from './find-code.ts';

const task = 'Write a function that returns the smallest prime number greater than the square of a given integer n.';
const parts = {
  parseCode: parseJsonOnly,
  digest: (text: string) => hash('sha256', text, 'buffer'),
  detectors: builtInDetectors,
  contamination: () => createContaminationIndex([{ set: 'primes', id: '7', texts: [task] }]),
};

interface Applied {
  readonly kept: CanonicalRow[];
  readonly outcomes: StepOutcome[];
}

async function apply(rows: readonly CanonicalRow[], ...given: FilterViewStep[]): Promise<Applied> {
  const kept: CanonicalRow[] = [];
  const outcomes = await applySteps(
    given.map((step) => ({ step, filter: createRowFilter(step, parts) })),
    {
      async *open() {
        for (let at = 0; at < rows.length; at += 3) yield rows.slice(at, at + 3);
      },
      pause: () => undefined,
      onKept: (row) => kept.push(row),
    },
  );
  return { kept, outcomes };
}

const ids = ({ kept }: Applied): string[] => kept.map(({ id }) => id);

test('steps stand in order, each sees what the ones before it kept, and the counts say so', async () => {
  const rows = [
    sftRow('What is a router?', 'Short.', { id: 'a' }),
    sftRow('What is a router?', 'A router joins networks and passes packets between them.', { id: 'b' }),
    sftRow('Was ist ein Router?', 'Ein Router verbindet Netze und leitet die Pakete zwischen ihnen weiter.', {
      id: 'c',
    }),
  ];
  const applied = await apply(
    rows,
    { kind: 'length', place: 'answer', unit: 'characters', minimum: 20, maximum: null },
    { kind: 'language', keep: ['en'] },
  );
  assert.deepEqual(ids(applied), ['b']);
  assert.deepEqual(
    applied.outcomes.map(({ kept, dropped }) => [kept, dropped]),
    [
      [2, 1],
      [1, 1],
    ],
  );
  assert.equal(applied.outcomes[0]?.examples[0]?.id, 'a');
  assert.equal(applied.outcomes[0]?.examples[0]?.why, '6 characters, fewer than 20');
  assert.match(applied.outcomes[1]?.examples[0]?.before ?? '', /Was ist ein Router/);
});

test('each kind of filter drops what it names and keeps the rest', async () => {
  const cases: [step: FilterViewStep, dropped: CanonicalRow, kept: CanonicalRow][] = [
    [{ kind: 'code', wants: 'present' }, sftRow('q', 'No code.'), sftRow('q', '```rust\nfn main() {}\n```')],
    [{ kind: 'code', wants: 'parses' }, sftRow('q', '```json\n{"a":\n```'), sftRow('q', '```json\n{"a": 1}\n```')],
    [{ kind: 'code', wants: 'absent' }, sftRow('q', '```js\n1\n```'), sftRow('q', 'None.')],
    [
      { kind: 'regex', pattern: '^Dear', place: 'answer', keepMatches: true },
      sftRow('Dear', 'Hi'),
      sftRow('q', 'Dear you'),
    ],
    [
      { kind: 'regex', pattern: 'https?://', place: 'whole', keepMatches: false },
      sftRow('see http://a', 'b'),
      sftRow('q', 'b'),
    ],
    [
      { kind: 'banned', phrases: ['as an AI'] },
      sftRow('q', 'Well, As  an AI I think.'),
      sftRow('q', 'As an aide I think.'),
    ],
    [
      { kind: 'banned', phrases: ['co-op (UK)'] },
      sftRow('q', 'Ask the Co-op (UK) near you.'),
      sftRow('q', 'Ask the coop (UK) near you.'),
    ],
    [{ kind: 'refusal' }, sftRow('q', 'I cannot help with that.'), sftRow('q', 'You cannot divide by zero.')],
    [
      { kind: 'echo', above: 0.5 },
      sftRow('one two three four five six', 'One two three four five six!'),
      sftRow('one two', 'three'),
    ],
    [{ kind: 'quality', below: 0.5 }, sftRow('q', 'go go go '.repeat(30)), sftRow('q', 'Take the bus at eight.')],
    [
      { kind: 'length', place: 'prompt', unit: 'tokens', minimum: null, maximum: 5 },
      sftRow('word '.repeat(40), 'a'),
      sftRow('a b', 'c'),
    ],
    [
      { kind: 'eligible', acceptedProviders: ['mistral'] },
      sftRow('q', 'a', { training_eligible: 'review', source: { type: 'file', uri: 'x', teacher: 'openai/gpt-4o' } }),
      sftRow('q', 'a', { training_eligible: 'review', source: { type: 'file', uri: 'x', teacher: 'mistral/large' } }),
    ],
    [
      { kind: 'contamination', action: 'drop' },
      sftRow(task, 'def f(n): ...'),
      sftRow('Write a function that sorts.', 'x'),
    ],
    [
      { kind: 'pii', action: 'drop', kinds: ['all'] },
      sftRow('Mail ann.lee@example.org', 'ok'),
      sftRow('Mail us', 'ok'),
    ],
  ];
  for (const [step, dropped, kept] of cases) {
    const { outcomes } = await apply(
      [
        { ...dropped, id: 'dropped' },
        { ...kept, id: 'kept' },
      ],
      step,
    );
    const [outcome] = outcomes;
    assert.deepEqual([outcome?.kept, outcome?.dropped], [1, 1], step.kind);
    assert.equal(outcome?.examples.find(({ after }) => after === null)?.id, 'dropped', step.kind);
    assert.notEqual(outcome?.examples[0]?.why, '');
  }
});

test('rows without the part that a step is about stay', async () => {
  const prompt: CanonicalRow = { ...textRow('x'), kind: 'prompt', messages: [{ role: 'user', content: 'Hello?' }] };
  const steps: FilterViewStep[] = [
    { kind: 'refusal' },
    { kind: 'code', wants: 'present' },
    { kind: 'length', place: 'answer', unit: 'characters', minimum: 10, maximum: null },
  ];
  assert.equal((await apply([prompt], ...steps)).kept.length, 1);
  const step: FilterViewStep = { kind: 'length', place: 'prompt', unit: 'characters', minimum: 10, maximum: null };
  assert.equal((await apply([textRow('Once.')], step)).kept.length, 1);
});

test('near duplicates are looked for among the rows that earlier steps kept, and the longest stays', async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  const rows = [
    sftRow(words, 'short', { id: 'short' }),
    sftRow(`${words} more`, 'a longer answer than the others', { id: 'long' }),
    sftRow(words, 'I cannot help with that.', { id: 'refused' }),
    sftRow('Something else altogether, about whales.', 'Whales sing.', { id: 'other' }),
  ];
  const near: FilterViewStep = { kind: 'near-duplicates', threshold: 0.7, keep: 'longest' };
  const applied = await apply(rows, { kind: 'refusal' }, near, { kind: 'exact-duplicates', over: 'both' });
  assert.deepEqual(ids(applied), ['long', 'other']);
  assert.deepEqual(
    applied.outcomes.map(({ dropped }) => dropped),
    [1, 1, 0],
  );
});

test('a filter with memory gives the same on every pass', async () => {
  const rows = ['a', 'A ', 'b', 'a'].map((text, index) => sftRow('same', text, { id: `${index}` }));
  const exact: FilterViewStep = { kind: 'exact-duplicates', over: 'both' };
  const near: FilterViewStep = { kind: 'near-duplicates', threshold: 0.8, keep: 'newest' };
  assert.deepEqual(ids(await apply(rows, exact, near)), ['0', '2']);
});

test('masking changes the row, counts it as kept, and shows before and after', async () => {
  const step: FilterViewStep = { kind: 'pii', action: 'mask', kinds: ['email'] };
  const rows = [
    sftRow('I am ann.lee@example.org', 'Hello ann.lee@example.org', { id: 'a' }),
    sftRow('b', 'c', { id: 'b' }),
  ];
  const { kept, outcomes } = await apply(rows, step);
  assert.deepEqual([outcomes[0]?.kept, outcomes[0]?.changed, outcomes[0]?.dropped], [2, 1, 0]);
  assert.equal(answerTextOf(kept[0] ?? textRow('')), 'Hello <EMAIL_1>');
  const [example] = outcomes[0]?.examples ?? [];
  assert.match(example?.before ?? '', /ann\.lee@/);
  assert.doesNotMatch(example?.after ?? '', /ann\.lee@/);
});

test('a row that a person let pass keeps its personal data', async () => {
  const step: FilterViewStep = { kind: 'pii', action: 'drop', kinds: ['all'], accepted: ['a'] };
  const rows = ['a', 'b'].map((id) => sftRow('I am ann.lee@example.org', 'Hi', { id }));
  assert.deepEqual(ids(await apply(rows, step)), ['a']);
});

test('what is only similar to a task is put before a person, never dropped', async () => {
  const similar =
    'Write a function that returns the smallest prime greater than the square of a given integer n, number.';
  const { kept } = await apply([sftRow(similar.split(' ').toReversed().join(' '), 'x')], {
    kind: 'contamination',
    action: 'drop',
  });
  const [row] = kept;
  assert.equal(row?.training_eligible, 'review');
  assert.equal(row?.flags[0]?.check, 'contamination');
});

test('twenty examples are shown, and they are not just the first twenty', async () => {
  const rows = Array.from({ length: 500 }, (_, index) => sftRow('q', 'x', { id: `${index}` }));
  const { outcomes } = await apply(rows, {
    kind: 'length',
    place: 'answer',
    unit: 'characters',
    minimum: 5,
    maximum: null,
  });
  const shown = outcomes[0]?.examples.map(({ id }) => Number(id)) ?? [];
  assert.equal(shown.length, 20);
  assert.ok(shown.some((id) => id > 250));
});

test('a pattern that is none is refused', () => {
  const pattern: FilterViewStep = { kind: 'regex', pattern: '(', place: 'whole', keepMatches: true };
  assert.throws(
    () => createRowFilter(pattern, parts),
    (error) => error instanceof ForgeError && error.code === 'foundry.bad-pattern',
  );
});

test('no steps keep every row as it is', async () => {
  const rows = [sftRow('a', 'b'), textRow('c')];
  const { kept } = await apply(rows);
  assert.deepEqual(
    kept.map((row) => textsOf(row).length),
    [2, 1],
  );
});

test('a step that names every usual kind means those of a domain too', async () => {
  const packs = [{ id: 'healthcare', detectors: [{ kind: 'mrn', shape: 'MRN-9{5,10}' }] }];
  const row = sftRow('Who is MRN-1234567?', 'Nobody knows.', { id: 'a' });
  const judged = (kinds: readonly string[]): string =>
    piiFilter({ kind: 'pii', action: 'drop', kinds: [...kinds] }, { packs, ofDomains: {} }).judge(row).kind;
  assert.equal(judged(piiKinds), 'drop');
  assert.equal(judged(['all']), 'drop');
  assert.equal(judged(['email']), 'keep');
});
