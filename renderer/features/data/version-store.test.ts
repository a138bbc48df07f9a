import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PagedRow, PageRequest } from '#contract/dataset-versions.ts';
import { fakeEngine, settled } from '../create/fake-engine.ts';
import { millionRows, rejectList, rowOf, versionOf } from './fixtures.ts';
import { rowAt } from './paged-rows.ts';
import { createVersionStore, usualQuery } from './version-store.ts';

const reference = { name: 'support-tickets', version: 1 };
const [firstRow] = millionRows.pages.get(0) ?? [];
assert.ok(firstRow !== undefined);
const rowsFrom = (offset: number, limit: number): PagedRow[] =>
  Array.from({ length: limit }, (_, index) => ({ ...firstRow, place: offset + index, id: `row-${offset + index}` }));

function pagingEngine(asked: PageRequest[], answer?: (request: PageRequest) => Promise<unknown>) {
  const page = (request: PageRequest): Promise<unknown> => {
    asked.push(request);
    return answer?.(request) ?? Promise.resolve({ total: 1_000_000, rows: rowsFrom(request.offset, request.limit) });
  };
  return fakeEngine({
    foundry: {
      version: () => Promise.resolve(versionOf()),
      page,
      row: () => Promise.resolve(rowOf()),
      rejects: ({ offset, code }: { readonly offset: number; readonly code: string | null }) =>
        Promise.resolve({ ...rejectList, rejects: rejectList.rejects.slice(0, offset === 0 ? 200 : 112), code }),
    },
  }).engine;
}

test('of a million rows only the pages in sight are asked for, each once', async () => {
  const asked: PageRequest[] = [];
  const store = createVersionStore(pagingEngine(asked));
  await store.getState().openVersion(reference);
  await store.getState().ask({});
  const { need } = store.getState();
  need(499_980, 500_020);
  need(499_990, 500_030);
  await settled();
  assert.deepEqual(
    asked.map(({ offset }) => offset),
    [0, 499_900, 500_000],
  );
  assert.equal(rowAt(store.getState().rows, 500_001)?.id, 'row-500001');
});

test('while a search is under way the rows before it stay, and its first page takes their place', async () => {
  const asked: PageRequest[] = [];
  let answerSearch: (page: unknown) => void = () => undefined;
  const engine = pagingEngine(asked, ({ filter, offset, limit }) =>
    filter.text === ''
      ? Promise.resolve({ total: 1_000_000, rows: rowsFrom(offset, limit) })
      : new Promise((resolve) => (answerSearch = resolve)),
  );
  const store = createVersionStore(engine);
  await store.getState().openVersion(reference);
  await store.getState().ask({});
  const searching = store.getState().ask({ filter: { ...usualQuery.filter, text: 'parcel' } });
  await settled();
  assert.equal(store.getState().isSearching, true);
  assert.equal(store.getState().rows.total, 1_000_000);
  answerSearch({ total: 1, rows: rowsFrom(7, 1) });
  await searching;
  assert.equal(store.getState().isSearching, false);
  assert.equal(store.getState().rows.total, 1);
  assert.equal(rowAt(store.getState().rows, 0)?.id, 'row-7');
});

test('the answer of a search that was overtaken is not shown', async () => {
  const answers: ((page: unknown) => void)[] = [];
  const engine = pagingEngine([], () => new Promise((resolve) => answers.push(resolve)));
  const store = createVersionStore(engine);
  await store.getState().openVersion(reference);
  const first = store.getState().ask({ filter: { ...usualQuery.filter, text: 'a' } });
  const second = store.getState().ask({ filter: { ...usualQuery.filter, text: 'ab' } });
  answers[1]?.({ total: 2, rows: rowsFrom(0, 2) });
  await second;
  answers[0]?.({ total: 900, rows: rowsFrom(0, 100) });
  await first;
  assert.equal(store.getState().rows.total, 2);
});

test('a page that fails is told, nothing more is asked for, and a retry begins anew', async () => {
  let isBroken = true;
  const asked: PageRequest[] = [];
  const engine = pagingEngine(asked, ({ offset, limit }) =>
    isBroken ? Promise.reject(new Error('gone')) : Promise.resolve({ total: 500, rows: rowsFrom(offset, limit) }),
  );
  const store = createVersionStore(engine);
  await store.getState().openVersion(reference);
  await store.getState().ask({});
  assert.equal(store.getState().failure?.message, 'gone');
  store.getState().need(0, 40);
  await settled();
  assert.equal(asked.length, 1);
  isBroken = false;
  await store.getState().retry();
  assert.equal(store.getState().failure, null);
  assert.equal(store.getState().rows.total, 500);
});

test('another version forgets the rows, the selection and the rejects of the one before', async () => {
  const store = createVersionStore(pagingEngine([]));
  await store.getState().openVersion(reference);
  await store.getState().ask({});
  await store.getState().select('row-3');
  await store.getState().loadRejects(null);
  assert.equal(store.getState().row.value?.id, rowOf().id);
  await store.getState().openVersion({ name: 'support-tickets', version: 2 });
  const { rows, selected, rejects } = store.getState();
  assert.deepEqual([rows.total, selected, rejects.value], [null, null, null]);
});

test('rejects are read on until all of a reason are there', async () => {
  const store = createVersionStore(pagingEngine([]));
  await store.getState().openVersion(reference);
  await store.getState().loadRejects('EMPTY_PROMPT');
  await store.getState().moreRejects();
  assert.equal(store.getState().rejects.value?.rejects.length, 312);
  assert.equal(store.getState().rejects.value?.code, 'EMPTY_PROMPT');
  await store.getState().moreRejects();
  assert.equal(store.getState().rejects.value?.rejects.length, 312);
});
