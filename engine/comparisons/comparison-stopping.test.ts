import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Pricing } from '#core/comparisons/cost.ts';
import { code, hosted, newHome, pause, tuned, typed } from './comparison-cast-fixture.ts';
import { cloud, comparisonWorld, ended, type PlayedModel } from './comparison-fixture.ts';

const priced: Pricing = { kind: 'priced', price: { inputUsd: 0, outputUsd: 1_000_000, asOf: '2026-01-01' } };

test('an estimate over the limit is refused before anything is sent, and so is a price nobody knows', async () => {
  const dear = { ...hosted, pricing: priced };
  const unknown: PlayedModel = {
    ...hosted,
    model: cloud('other'),
    label: 'other',
    pricing: { kind: 'unknown', dearest: { inputUsd: 5, outputUsd: 30 } },
  };
  const { service, providers } = await comparisonWorld([tuned, dear, unknown], { home: newHome() });
  const request = { models: [tuned.model, dear.model], prompts: typed('hi'), settings: { maximumTokens: 5 } };
  const estimate = await service.estimate(request);
  assert.deepEqual([estimate.usdAtMost, estimate.panes.map(({ usdAtMost }) => usdAtMost)], [5, [0, 5]]);
  await assert.rejects(service.start(request, 'request-1'), code('comparison.over-cap'));
  await assert.rejects(
    service.start({ ...request, models: [tuned.model, unknown.model] }, 'request-2'),
    code('comparison.cost-unknown'),
  );
  assert.equal((await service.estimate({ ...request, models: [tuned.model, unknown.model] })).usdAtMost, null);
  assert.deepEqual([providers.get(dear.label)?.prompts.length, (await service.list()).length], [0, 0]);
});

test('cloud panes stop before the limit is passed, also while the run goes on', async () => {
  const dear = { ...hosted, pricing: priced, answer: () => 'one two three' };
  const { service, providers } = await comparisonWorld([tuned, dear], { home: newHome() });
  const settings = { maximumTokens: 4, capUsd: 10, blind: false };
  const { id } = await service.start(
    { models: [tuned.model, dear.model], prompts: typed('a', 'b'), settings },
    'request-1',
  );
  assert.deepEqual([(await ended(service, id)).state, (await service.get(id)).spentUsd], ['done', 6]);
  await service.ask(id, 'c', 'request-2');
  assert.equal((await ended(service, id)).spentUsd, 9);
  await service.ask(id, 'd', 'request-3');
  const capped = await ended(service, id);
  // A fourth answer could cost 4, which with 9 spent passes 10.
  assert.deepEqual([capped.state, capped.spentUsd, providers.get(dear.label)?.prompts.length], ['capped', 9, 3]);
  const [turn] = (await service.turns(id, { offset: 0, limit: 1 })).turns;
  assert.deepEqual(
    turn?.answers.map(({ costUsd }) => costUsd),
    [0, 3],
  );
});

test('after a kill the comparison is interrupted, and going on asks only what is missing', async () => {
  const home = newHome();
  const first = await comparisonWorld([tuned, { ...hosted, betweenWords: pause(30) }], { home });
  const prompts = typed('one', 'two', 'three');
  const { id } = await first.service.start({ models: [tuned.model, hosted.model], prompts }, 'request-1');
  for await (const event of first.service.watch(id, AbortSignal.timeout(10_000)))
    if (event.kind === 'view' && event.view.finishedTurns >= 1) break;
  // What a kill leaves: the files as they are now, with half a line at the end.
  const folder = path.join(home, 'comparisons', id);
  const head = await readFile(path.join(folder, 'comparison.json'), 'utf8');
  const turns = await readFile(path.join(folder, 'turns.jsonl'), 'utf8');
  await first.service.dispose();
  await writeFile(path.join(folder, 'comparison.json'), head);
  await writeFile(path.join(folder, 'turns.jsonl'), turns);
  await appendFile(path.join(folder, 'turns.jsonl'), '{"kind":"answered","turn":1,"mod');

  const second = await comparisonWorld([tuned, hosted], { home });
  assert.equal((await second.service.list())[0]?.state, 'interrupted');
  assert.equal((await second.service.get(id)).state, 'interrupted');
  const answered = turns.split('\n').filter((line) => line.includes('"answered"')).length;
  await second.service.resume(id);
  const view = await ended(second.service, id);
  assert.deepEqual([view.state, view.finishedTurns], ['done', 3]);
  const asked = [...second.providers.values()].reduce((sum, provider) => sum + provider.prompts.length, 0);
  assert.equal(asked, 6 - answered);
  const third = await comparisonWorld([tuned, hosted], { home });
  assert.equal((await third.service.get(id)).finishedTurns, 3);
});

test('an engine that ends leaves what it was at as interrupted; a person who stops leaves it as stopped', async () => {
  const home = newHome();
  const slow = { ...hosted, betweenWords: pause(50) };
  const { service } = await comparisonWorld([tuned, slow], { home });
  const models = [tuned.model, slow.model];
  const one = await service.start({ models, prompts: typed('one', 'two') }, 'request-1');
  const stopped = await service.stop(one.id);
  assert.equal(stopped.state, 'stopped');
  const two = await service.start({ models, prompts: typed('one') }, 'request-2');
  await service.dispose();
  assert.equal((await service.get(two.id)).state, 'interrupted');
  await service.resume(one.id);
  assert.equal((await ended(service, one.id)).state, 'done');
});

test('a prompt put to a stopped comparison is answered alone, and what was stopped can be voted on as it is', async () => {
  const slow = { ...hosted, answer: () => 'one two three four five', betweenWords: pause(25) };
  const { service, providers } = await comparisonWorld([tuned, slow], { home: newHome() });
  const models = [tuned.model, slow.model];
  const settings = { blind: false };
  const { id } = await service.start({ models, prompts: typed('a', 'b', 'c'), settings }, 'request-1');
  for await (const event of service.watch(id, AbortSignal.timeout(10_000))) if (event.kind === 'delta') break;
  await service.stop(id);
  await service.ask(id, 'more', 'request-2');
  const view = await ended(service, id);
  assert.deepEqual([view.state, view.turns, view.finishedTurns], ['stopped', 4, 1]);
  assert.deepEqual(
    providers.get(slow.label)?.prompts.map(({ messages }) => messages.at(-1)?.content),
    ['a', 'more'],
  );
  assert.deepEqual((await service.vote(id, 0, { pane: 0 })).vote, { pane: 0 });
});
