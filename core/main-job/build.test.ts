import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideReuse, isBarren, movedBefore, nameFromFile, newBuild, viewBuild, withStep } from './build.ts';
import type { StepStamp } from '#contract/build-file.ts';

const stamp: StepStamp = {
  state: 'done',
  inputsDigest: 'a',
  text: '',
  seconds: 1,
  finishedAt: 1,
  job: null,
  output: {},
  artefacts: [],
};

test('a step is used again only when it is done, its inputs are the same and its files are intact', () => {
  const ask = (change: Partial<Parameters<typeof decideReuse>[0]>): string => {
    const answer = decideReuse({ step: 'train', stamp, inputsDigest: 'a', artefactsIntact: true, ...change });
    return answer.reuse ? 'reuse' : answer.reason;
  };
  assert.deepEqual(
    [
      ask({}),
      ask({ inputsDigest: 'b' }),
      ask({ artefactsIntact: false }),
      ask({ stamp: undefined }),
      ask({ stamp: { ...stamp, state: 'failed' } }),
      ask({ step: 'machine' }),
    ],
    [
      'reuse',
      'its inputs changed',
      'a file it made is missing or changed',
      'not done before',
      'not done before',
      'looks at the machine as it is now',
    ],
  );
});

test('the view lists every step in order with the live one running', () => {
  const request = { export: true, deployToOllama: 'auto' } as const;
  const build = withStep(
    newBuild({ id: 'x', name: 'support', version: 1, request, requestDigest: 'd', now: 5 }),
    'machine',
    {
      stamp,
      now: 6,
    },
  );
  const view = viewBuild(build, {
    step: 'environment',
    text: 'installing',
    fraction: 0.5,
    etaSeconds: 9,
    seconds: 3,
    job: null,
  });
  assert.deepEqual(
    view.steps.slice(0, 4).map(({ step, state, fraction }) => [step, state, fraction]),
    [
      ['machine', 'done', null],
      ['dataset', 'waiting', null],
      ['environment', 'running', 0.5],
      ['base', 'waiting', null],
    ],
  );
});

test('while it runs, what an earlier run left of the later steps is not shown', () => {
  const request = { export: true, deployToOllama: 'auto' } as const;
  const fresh = newBuild({ id: 'x', name: 'support', version: 1, request, requestDigest: 'd', now: 5 });
  const build = withStep(withStep(fresh, 'machine', { stamp, now: 6 }), 'dataset', { stamp, now: 7 });
  assert.deepEqual(
    viewBuild(build, null, 1)
      .steps.slice(0, 2)
      .map(({ state }) => state),
    ['done', 'waiting'],
  );
});

test('the view says what was asked for and when', () => {
  const request = { export: false, deployToOllama: 'never', epochs: 2 } as const;
  const build = newBuild({ id: 'x', name: 'support', version: 1, request, requestDigest: 'd', now: 5 });
  const { request: asked, createdAt, updatedAt, queuePosition } = viewBuild({ ...build, updatedAt: 9 }, null);
  assert.deepEqual(
    { asked, createdAt, updatedAt, queuePosition },
    { asked: request, createdAt: 5, updatedAt: 9, queuePosition: null },
  );
});

test('one that waits is moved before another or to the end; what is not in the order changes nothing', () => {
  const order = ['a', 'b', 'c'];
  const moves: [string, string | null][] = [
    ['c', 'a'],
    ['a', 'c'],
    ['a', null],
    ['b', 'b'],
    ['x', 'a'],
    ['a', 'x'],
  ];
  assert.deepEqual(
    moves.map(([moved, before]) => movedBefore(order, moved, before).join('')),
    ['cab', 'bac', 'bca', 'abc', 'abc', 'abc'],
  );
});

test('any file name becomes a valid model name', () => {
  assert.deepEqual(['Tickets 2026.CSV', 'Füße & Öl.jsonl', '....', 'données', 'a'.repeat(90)].map(nameFromFile), [
    'tickets-2026',
    'fu-e-ol',
    'model',
    'donnees',
    'a'.repeat(60),
  ]);
});

test('a version counts as come to nothing only when it is over and never had a plan', () => {
  const request = { export: true, deployToOllama: 'auto' } as const;
  const build = newBuild({ id: 'x', name: 'x', version: 1, request, requestDigest: 'd', now: 5 });
  const checked = withStep(build, 'plan', { stamp, now: 6 });
  assert.deepEqual(
    [build, { ...build, state: 'failed' as const }, { ...checked, state: 'failed' as const }].map(isBarren),
    [false, true, false],
  );
});
