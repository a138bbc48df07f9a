import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiffPageRequest, DiffReport } from '#contract/dataset-diffs.ts';
import { fakeEngine, settled, streamOf } from '../create/fake-engine.ts';
import { createDiffStore } from './diff-store.ts';
import { failure, jobOf, rowOf } from './fixtures.ts';

const pair = { before: { name: 'tickets', version: 1 }, after: { name: 'tickets', version: 2 } };
const report: DiffReport = {
  schema: 'forge.diff/1',
  before: { ...pair.before, rows: 500, digest: 'a' },
  after: { ...pair.after, rows: 520, digest: 'b' },
  ...{ same: 480, added: 40, removed: 20, changed: 0, moved: 0, rowsPath: '/rows.jsonl', seconds: 1, peakBytes: 1 },
};

interface Fake {
  readonly asked: string[];
  readonly kept?: DiffReport | null;
  readonly end?: Parameters<typeof jobOf>[0];
}

function diffEngine({ asked, kept = null, end = { state: 'done', result: report } }: Fake) {
  const job = jobOf({ kind: 'diff' });
  return fakeEngine({
    dataDiffs: {
      report: () => Promise.resolve(kept),
      start: () => (asked.push('start'), Promise.resolve(job)),
      page: ({ change, offset }: DiffPageRequest) => {
        asked.push(`${change} ${offset}`);
        return Promise.resolve({ total: report[change], rows: [] });
      },
    },
    foundry: {
      watch: () => Promise.resolve(streamOf(job, { ...job, ...end })),
      cancel: () => (asked.push('cancel'), Promise.resolve({ ...job, state: 'cancelled' })),
      row: () => Promise.resolve(rowOf()),
    },
  }).engine;
}

test('what was compared before is shown at once; what was not is compared by itself', async () => {
  const [before, fresh]: [string[], string[]] = [[], []];
  const known = createDiffStore(diffEngine({ asked: before, kept: report }));
  await known.getState().openPair(pair);
  assert.deepEqual([known.getState().diff.report, before], [report, []]);
  const unknown = createDiffStore(diffEngine({ asked: fresh }));
  await unknown.getState().openPair(pair);
  assert.deepEqual([unknown.getState().diff.report, fresh], [report, ['start']]);
  assert.equal(unknown.getState().change, 'added', 'nothing was changed, so what came is shown first');
});

test('a comparison that fails says why, and is not taken for an empty one', async () => {
  const store = createDiffStore(diffEngine({ asked: [], end: { state: 'failed', failure } }));
  await store.getState().openPair(pair);
  const { diff } = store.getState();
  assert.deepEqual([diff.report, diff.failure, diff.job], [null, failure, null]);
});

test('pages come as they come into sight, each once, and another kind begins anew', async () => {
  const asked: string[] = [];
  const store = createDiffStore(diffEngine({ asked, kept: report }));
  await store.getState().openPair(pair);
  store.getState().need(0, 30);
  store.getState().need(5, 35);
  await settled();
  store.getState().show('removed');
  assert.equal(store.getState().rows.total, null);
  store.getState().need(0, 20);
  await settled();
  assert.deepEqual(asked, ['added 0', 'removed 0']);
});

test('a row is read from the versions that have it', async () => {
  const store = createDiffStore(diffEngine({ asked: [], kept: report }));
  await store.getState().openPair(pair);
  const paged = { place: 4, kind: 'sft' as const, prompt: 'q', answer: 'a', promptCharacters: 1, answerCharacters: 1 };
  const after = { ...paged, id: 'x', group: 'g', source: 's', line: 1, flags: [] };
  await store.getState().select({ change: 'added', before: null, after, from: null, to: null });
  const { forms } = store.getState();
  assert.equal(forms.value?.before, null);
  assert.deepEqual(forms.value?.after, rowOf());
});
