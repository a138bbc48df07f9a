import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { comparisonEvent, comparisonTurn, comparisonView } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import { code, hosted, names, newHome, pause, tuned, typed } from './comparison-cast-fixture.ts';
import { cloud, comparisonWorld, ended, local, watchToEnd, type PlayedModel } from './comparison-fixture.ts';

test('a blind comparison tells no name in any event, view or list before the vote, and all after', async () => {
  const failing: PlayedModel = {
    model: cloud('axolotl-9'),
    label: 'axolotl-9 (Fakery Inc)',
    answer: () =>
      new ForgeError('provider.key-refused', { provider: 'Fakery Inc', model: 'axolotl-9', secret: 'provider_fakery' }),
  };
  const { service } = await comparisonWorld([tuned, hosted, failing], { home: newHome() });
  const models = [tuned.model, hosted.model, failing.model];
  const started = await service.start({ models, prompts: typed('hello') }, 'request-1');
  const events = await watchToEnd(service, started.id);
  const turns = await service.turns(started.id, { offset: 0, limit: 50 });
  const told = JSON.stringify([started, events, turns, await service.list(), await service.get(started.id)]);
  assert.doesNotMatch(told, new RegExp(`${names.source}|axolotl`, 'i'));
  assert.ok(events.length > 5);
  for (const event of events) comparisonEvent.parse(event);
  const failed = turns.turns[0]?.answers.find(({ state }) => state === 'failed');
  assert.match(failed?.failure?.message ?? '', /^model [ABC] refused the key\.$/);

  const best = turns.turns[0]?.answers.findIndex(({ text }) => text === 'the tuned answer') ?? -1;
  const voted = comparisonTurn.parse(await service.vote(started.id, 0, { pane: best }));
  assert.deepEqual(
    [voted.revealed, voted.answers[best]?.label, voted.answers[best]?.model],
    [true, 'quokka:v3', tuned.model],
  );
  const view = comparisonView.parse(await service.get(started.id));
  assert.deepEqual(view.tally, {
    byModel: { 'quokka:v3': 1, 'narwhal-2 (Fakery Inc)': 0, 'axolotl-9 (Fakery Inc)': 0 },
    ties: 0,
    none: 0,
  });
  assert.deepEqual(view.models[0], { model: tuned.model, label: 'quokka:v3' });
  const taken = await service.vote(started.id, 0, null);
  assert.deepEqual([taken.vote, taken.revealed], [null, true]);
});

test('the order of blind panes is drawn for each turn, the same when it is read again, and plain when not blind', async () => {
  const home = newHome();
  const { service } = await comparisonWorld([tuned, hosted], { home });
  const prompts = typed(...Array.from({ length: 24 }, (_, index) => `prompt ${index}`));
  const models = [tuned.model, hosted.model];
  const { id } = await service.start({ models, prompts }, 'request-1');
  await ended(service, id);
  const orderOf = async (from: typeof service, of: string) =>
    (await from.turns(of, { offset: 0, limit: 50 })).turns.map(
      ({ answers }) => answers[0]?.text === 'the tuned answer',
    );
  const order = await orderOf(service, id);
  assert.ok(order.includes(true) && order.includes(false), 'both orders occur');
  const again = await comparisonWorld([tuned, hosted], { home });
  assert.deepEqual(await orderOf(again.service, id), order);

  const open = await service.start({ models, prompts, settings: { blind: false } }, 'request-2');
  await ended(service, open.id);
  assert.ok((await orderOf(service, open.id)).every(Boolean));
  const [first] = (await service.turns(open.id, { offset: 0, limit: 1 })).turns;
  assert.deepEqual([first?.revealed, first?.answers[1]?.label], [true, hosted.label]);
});

test('text comes in pieces that together are the answer, at most 20 a second a pane', async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index} `).join('');
  const slow = { ...tuned, answer: () => words, betweenWords: pause(4) };
  const { service } = await comparisonWorld([slow, hosted], { home: newHome() });
  const { id } = await service.start(
    { models: [slow.model, hosted.model], prompts: typed('go'), settings: { blind: false } },
    'request-1',
  );
  const events = await watchToEnd(service, id);
  const pieces = events.flatMap((event) => (event.kind === 'delta' && event.pane === 0 ? [event.text] : []));
  assert.equal(pieces.join(''), words);
  assert.ok(pieces.length > 2 && pieces.length < 20, `${pieces.length} pieces`);
  const last = events.at(-1);
  assert.ok(last?.kind === 'view' && last.view.state === 'done');
});

test('the failure of one pane leaves the others, and it alone is asked again', async () => {
  let isDown = true;
  const shaky: PlayedModel = {
    ...hosted,
    answer: () =>
      isDown ? new ForgeError('provider.down', { provider: 'Fakery Inc', reason: 'its error 500' }) : 'back again',
  };
  const { service, providers } = await comparisonWorld([tuned, shaky], { home: newHome() });
  const { id } = await service.start(
    { models: [tuned.model, shaky.model], prompts: typed('hi'), settings: { blind: false } },
    'request-1',
  );
  assert.equal((await ended(service, id)).state, 'done');
  const [turn] = (await service.turns(id, { offset: 0, limit: 1 })).turns;
  assert.deepEqual(
    turn?.answers.map(({ state }) => state),
    ['done', 'failed'],
  );
  assert.equal(turn?.answers[1]?.failure?.code, 'provider.down');
  isDown = false;
  await service.retry(id, { turn: 0, pane: 1 }, 'request-2');
  await service.retry(id, { turn: 0, pane: 1 }, 'request-2');
  await ended(service, id);
  const [mended] = (await service.turns(id, { offset: 0, limit: 1 })).turns;
  assert.deepEqual(
    mended?.answers.map(({ text }) => text),
    ['the tuned answer', 'back again'],
  );
  assert.deepEqual([providers.get(tuned.label)?.prompts.length, providers.get(shaky.label)?.prompts.length], [1, 2]);
});

test('a model that keeps failing is not asked two thousand times', async () => {
  const refused = {
    ...hosted,
    answer: () => new ForgeError('provider.key-refused', { provider: 'Fakery Inc', secret: 'x' }),
  };
  const { service, providers } = await comparisonWorld([tuned, refused], { home: newHome() });
  const prompts = typed(...Array.from({ length: 20 }, (_, index) => `prompt ${index}`));
  const { id } = await service.start({ models: [tuned.model, refused.model], prompts }, 'request-1');
  const view = await ended(service, id);
  assert.deepEqual([view.state, view.finishedTurns, providers.get(refused.label)?.prompts.length], ['done', 20, 3]);
});

test('each pane goes on as a conversation with its own former answers', async () => {
  const { service, providers } = await comparisonWorld([tuned, hosted], { home: newHome() });
  const models = [tuned.model, hosted.model];
  const { id } = await service.start(
    { models, prompts: typed('first'), settings: { systemPrompt: 'Be brief.' } },
    'request-1',
  );
  await ended(service, id);
  await service.ask(id, 'second', 'request-2');
  await service.ask(id, 'second', 'request-2');
  await ended(service, id);
  assert.equal((await service.get(id)).turns, 2);
  const asked = providers.get(hosted.label)?.prompts.at(-1)?.messages;
  assert.deepEqual(asked, [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'first' },
    { role: 'assistant', content: 'the hosted answer' },
    { role: 'user', content: 'second' },
  ]);
});

test('models on this machine answer one after the other, clouds beside them', async () => {
  let atOnce = 0;
  let mostAtOnce = 0;
  const counted = (name: string): PlayedModel => ({
    model: local(name),
    label: name,
    answer: () => 'a b c d',
    betweenWords: async () => {
      mostAtOnce = Math.max(mostAtOnce, (atOnce += 1));
      await pause(3)();
      atOnce -= 1;
    },
  });
  const [one, two] = [counted('one'), counted('two')];
  const { service } = await comparisonWorld([one, two, hosted], { home: newHome() });
  const start = (request: string) =>
    service.start({ models: [one.model, two.model, hosted.model], prompts: typed('x', 'y') }, request);
  const [first, second] = await Promise.all([start('request-1'), start('request-2')]);
  await Promise.all([ended(service, first.id), ended(service, second.id)]);
  assert.equal(mostAtOnce, 1);
});

test('the same request twice is one comparison, and the same model twice is refused', async () => {
  const { service } = await comparisonWorld([tuned, hosted], { home: newHome() });
  const request = { models: [tuned.model, hosted.model], prompts: typed('hi') };
  const [one, other] = await Promise.all([service.start(request, 'request-1'), service.start(request, 'request-1')]);
  assert.equal(one.id, other.id);
  await assert.rejects(
    service.start({ ...request, models: [tuned.model, tuned.model] }, 'request-2'),
    code('comparison.same-model-twice'),
  );
  await ended(service, one.id);
});

test('a prompt of 200,000 characters and an answer with markup travel as the text they are', async () => {
  const markup = '<script>alert(1)</script><img src=x onerror=alert(2)> \u0000 \u202e';
  const odd = { ...tuned, answer: () => markup };
  const { service, providers } = await comparisonWorld([odd, hosted], { home: newHome() });
  const prompt = '\u00e4'.repeat(200_000);
  const { id } = await service.start(
    { models: [odd.model, hosted.model], prompts: typed(prompt), settings: { blind: false } },
    'request-1',
  );
  await ended(service, id);
  const [turn] = (await service.turns(id, { offset: 0, limit: 1 })).turns;
  assert.equal(turn?.answers[0]?.text, markup);
  assert.equal(providers.get(hosted.label)?.prompts[0]?.messages[0]?.content, prompt);
  assert.ok((await service.get(id)).title.length <= 80);
});

test('points are given where an answer is expected', async () => {
  const home = newHome();
  const file = path.join(path.dirname(home), 'labels.csv');
  const rows = Array.from({ length: 12 }, (_, index) => `what is ${index},${index % 2 === 0 ? 'even' : 'odd'}`);
  await writeFile(file, `question,answer\n${rows.join('\n')}\n`);
  const even: PlayedModel = { ...tuned, answer: () => 'Even' };
  const right: PlayedModel = {
    ...hosted,
    answer: ({ messages }) => (Number(/\d+/.exec(messages.at(-1)?.content ?? '')?.[0]) % 2 === 0 ? 'even' : 'odd'),
  };
  const { service } = await comparisonWorld([even, right], { home });
  const prompts = { kind: 'dataset' as const, path: file, limit: 10 };
  const { id } = await service.start(
    { models: [even.model, right.model], prompts, settings: { blind: false } },
    'request-1',
  );
  const view = await ended(service, id);
  assert.deepEqual([view.turns, view.meanPoints], [10, { [even.label]: 50, [right.label]: 100 }]);
});

test('what cannot be is refused: an unknown comparison, a path as its id, a turn or pane that is not there, a vote too early', async () => {
  const slow = { ...hosted, betweenWords: pause(50) };
  const { service } = await comparisonWorld([tuned, slow], { home: newHome() });
  await assert.rejects(service.get('c-none-0000'), code('engine.not-found'));
  await assert.rejects(service.get('../../etc'), code('engine.not-found'));
  await assert.rejects(service.remove('..'), code('engine.not-found'));
  const { id } = await service.start({ models: [tuned.model, slow.model], prompts: typed('hi') }, 'request-1');
  await assert.rejects(service.vote(id, 0, 'tie'), code('comparison.turn-unfinished'));
  await assert.rejects(service.ask(id, 'more', 'request-2'), code('comparison.running'));
  await assert.rejects(service.vote(id, 7, 'tie'), code('engine.not-found'));
  await assert.rejects(service.retry(id, { turn: 0, pane: 3 }, 'request-3'), code('engine.bad-input'));
  await ended(service, id);
  assert.deepEqual(await service.remove(id), { removed: true });
  await assert.rejects(service.get(id), code('engine.not-found'));
});

test('a damaged comparison does not hide the others', async () => {
  const home = newHome();
  const { service } = await comparisonWorld([tuned, hosted], { home });
  const request = { models: [tuned.model, hosted.model], prompts: typed('hi') };
  const [one, two] = [await service.start(request, 'request-1'), await service.start(request, 'request-2')];
  await ended(service, one.id);
  await ended(service, two.id);
  await writeFile(path.join(home, 'comparisons', one.id, 'comparison.json'), '{"v":1');
  const again = await comparisonWorld([tuned, hosted], { home });
  assert.deepEqual(
    (await again.service.list()).map(({ id }) => id),
    [two.id],
  );
  await assert.rejects(again.service.get(one.id), code('comparison.damaged'));
});
