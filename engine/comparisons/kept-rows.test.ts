import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { keptRow, type KeptRow } from '#contract/comparisons.ts';
import { readDataset } from '#core/datasets/read-dataset.ts';
import { openDatasetSource } from '#native-bridge/files/dataset-source.ts';
import { comparisonWorld, ended, local, type PlayedModel } from './comparison-fixture.ts';
import { createKeptRows } from './kept-rows.ts';

const root = await mkdtemp(path.join(tmpdir(), 'forge-kept-'));
after(() => rm(root, { recursive: true, force: true }));

const rowOf = (mark: string, text: string): KeptRow => ({
  id: `${mark}-${text}`,
  kind: 'sft',
  messages: [
    { role: 'user', content: `question of ${mark}` },
    { role: 'assistant', content: text },
  ],
  group: mark,
  source: { type: 'comparison', uri: 'c', line: 1, id: mark },
  training_eligible: true,
  flags: [],
});

test('rows kept at once all stand in the file; the same again changes nothing; a changed one takes the place of the former', async () => {
  const kept = createKeptRows(path.join(root, 'a'));
  await Promise.all(Array.from({ length: 20 }, (_, index) => kept.keep('example', rowOf(`c#${index}`, 'first'))));
  const file = await kept.keep('example', rowOf('c#3', 'first'));
  const before = await readFile(file, 'utf8');
  assert.equal(before.trim().split('\n').length, 20);
  await kept.keep('example', rowOf('c#3', 'first'));
  assert.equal(await readFile(file, 'utf8'), before);
  await kept.keep('example', rowOf('c#3', 'second'));
  const lines = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => keptRow.parse(JSON.parse(line)));
  assert.deepEqual(
    [lines.length, lines.filter(({ source }) => source.id === 'c#3').map(({ id }) => id)],
    [20, ['c#3-second']],
  );
});

test('taking a row out leaves every other line as it was, also one a person wrote', async () => {
  const kept = createKeptRows(path.join(root, 'b'));
  const file = await kept.keep('preference', rowOf('c#1', 'x'));
  await appendFile(file, '{"mine": true}\nnot even JSON\n');
  await kept.keep('preference', rowOf('c#10', 'x'));
  assert.equal(await kept.unkeep('preference', 'c#1'), true);
  assert.equal(await kept.unkeep('preference', 'c#1'), false);
  assert.deepEqual((await readFile(file, 'utf8')).trim().split('\n').slice(0, 2), ['{"mine": true}', 'not even JSON']);
  assert.equal((await readFile(file, 'utf8')).trim().split('\n').length, 3);
});

test('vote, edit, keep and undo through the service: the file can be trained on as it is', async () => {
  const good: PlayedModel = {
    model: local('good'),
    label: 'good',
    answer: ({ messages }) => `the right answer to ${messages.at(-1)?.content ?? ''}`,
  };
  const bad: PlayedModel = { model: local('bad'), label: 'bad', answer: () => 'no idea' };
  const home = path.join(root, 'c');
  const { service } = await comparisonWorld([good, bad], { home });
  const subjects = 'whales stars bread bridges glass rivers clocks maps trains wool'.split(' ');
  const prompts = { kind: 'typed' as const, prompts: subjects.map((subject) => `Tell me something about ${subject}.`) };
  const { id } = await service.start({ models: [good.model, bad.model], prompts }, 'request-1');
  await ended(service, id);
  const { turns } = await service.turns(id, { offset: 0, limit: 50 });
  for (const { turn, answers } of turns) {
    const pane = answers.findIndex(({ text }) => text !== 'no idea');
    await service.vote(id, turn, { pane });
    if (turn === 2) await service.edit(id, turn, { pane, text: 'Bread <b>rises</b>.' });
    await service.keep(id, turn, { as: 'example', rejectedPane: null });
  }
  const pair = await service.keep(id, 1, { as: 'preference', rejectedPane: null });
  assert.deepEqual(
    [pair.row.kind === 'preference' && pair.row.rejected[0]?.content, pair.turn.kept],
    ['no idea', ['example', 'preference']],
  );
  const again = await service.keep(id, 1, { as: 'preference', rejectedPane: null });
  assert.deepEqual(again.row, pair.row);
  assert.equal(path.relative(home, pair.path), path.join('datasets', 'kept', 'preferences.jsonl'));

  const examples = path.join(home, 'datasets', 'kept', 'examples.jsonl');
  const { rows, report } = await readDataset(await openDatasetSource(examples));
  assert.deepEqual([rows.length, report.rejected.total], [10, 0]);
  assert.ok(rows.some(({ messages }) => messages.at(-1)?.content === 'Bread <b>rises</b>.'));

  const undone = await service.unkeep(id, 1, 'preference');
  assert.deepEqual(undone.kept, ['example']);
  assert.equal(await readFile(pair.path, 'utf8'), '');
  assert.equal((await readFile(examples, 'utf8')).trim().split('\n').length, 10);
});

test('what was kept follows a later edit and a later vote; what can be kept no more is taken out, and comes back with undo', async () => {
  const [first, second] = ['one', 'two'].map((label): PlayedModel => ({
    model: local(label),
    label,
    answer: () => `${label} says so`,
  })) as [PlayedModel, PlayedModel];
  const home = path.join(root, 'd');
  const { service } = await comparisonWorld([first, second], { home });
  const prompts = { kind: 'typed' as const, prompts: ['Why?'] };
  const { id } = await service.start({ models: [first.model, second.model], prompts }, 'request-1');
  await ended(service, id);
  const file = async (name: string): Promise<KeptRow[]> =>
    (await readFile(path.join(home, 'datasets', 'kept', `${name}.jsonl`), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => keptRow.parse(JSON.parse(line)));
  const wished = async (name: string): Promise<unknown[]> =>
    (await file(name)).map((row) =>
      row.kind === 'sft'
        ? [row.messages.at(-1)?.content, null]
        : [row.chosen.at(-1)?.content, row.rejected.at(-1)?.content],
    );

  const { answers } = await service.vote(id, 0, { pane: 0 });
  const [left, right] = answers.map(({ text }) => text);
  await service.keep(id, 0, { as: 'example', rejectedPane: null });
  await service.keep(id, 0, { as: 'preference', rejectedPane: 1 });
  await service.edit(id, 0, { pane: 0, text: 'Because.' });
  assert.deepEqual(await wished('examples'), [['Because.', null]]);
  assert.deepEqual(await wished('preferences'), [['Because.', right]]);

  await service.edit(id, 0, null);
  assert.deepEqual(await wished('examples'), [[left, null]]);
  const turned = await service.vote(id, 0, { pane: 1 });
  assert.deepEqual(turned.kept, ['example', 'preference']);
  assert.deepEqual(await wished('preferences'), [[right, left]]);

  assert.deepEqual((await service.vote(id, 0, 'tie')).kept, []);
  assert.deepEqual([await file('examples'), await file('preferences')], [[], []]);
  await service.vote(id, 0, { pane: 0 });
  await service.keep(id, 0, { as: 'preference', rejectedPane: null });
  assert.deepEqual(await wished('preferences'), [[left, right]]);
});
