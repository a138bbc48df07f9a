// `forge compare` as a person types it, against the real engine and a cloud on this machine.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { comparisonView, comparisonTurn } from '#contract/comparisons.ts';
import { forge, newHome } from '../bad-input/forge-command.ts';
import { startFakeCloud, type FakeCloud } from '../fixtures/fake-cloud.ts';

let home = '';
let cloud: FakeCloud;
const cleanUps: (() => Promise<void>)[] = [];
const models = ['--model', 'fast/one', '--model', 'slow/two'];
const forgeHere = (...words: string[]) => forge([...words, '--home', home]);

before(async () => {
  home = await newHome({ after: (work) => void cleanUps.push(work) });
  cloud = await startFakeCloud({ slowMs: 15, answer: (prompt, model) => `${model} answers ${prompt}` });
  const own = (id: string, format: 'openai' | 'anthropic', address: string) => ({
    ...{ id, name: id, format, address, models: [], needsKey: false },
  });
  const providers = [
    own('fast', 'openai', cloud.address('openai')),
    own('slow', 'anthropic', cloud.address('anthropic', 'slow')),
    own('down', 'anthropic', cloud.address('anthropic', 'failing')),
  ];
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'providers.json'), JSON.stringify({ v: 1, providers }));
});
after(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
  await cloud.close();
});

test('answers are shown one after another; a model that fails says why, and the others stay', async () => {
  const { code, out } = await forgeHere('compare', 'Hello', ...models, '--model', 'down/three');
  assert.equal(code, 0);
  const places = [
    'one (fast)\none answers Hello',
    'two (slow)\ntwo answers Hello',
    'three (down)\ndown does not answer',
  ];
  const found = places.map((text) => out.indexOf(text));
  assert.ok(
    found.every((place, index) => place >= 0 && place > (found[index - 1] ?? -1)),
    out,
  );
});

test('a set with --json is one value with every turn, and the list knows it', async () => {
  const file = path.join(home, 'prompts.txt');
  writeFileSync(file, 'first\n\nsecond\n');
  const { code, out } = await forgeHere('compare', 'set', file, ...models, '--json');
  assert.equal(code, 0);
  const { comparison, turns } = JSON.parse(out) as { comparison: unknown; turns: unknown[] };
  const view = comparisonView.parse(comparison);
  assert.deepEqual([view.state, view.turns], ['done', 2]);
  assert.deepEqual(
    turns.map((turn) => comparisonTurn.parse(turn).answers.map(({ text }) => text)),
    [
      ['one answers first', 'two answers first'],
      ['one answers second', 'two answers second'],
    ],
  );
  const listed = JSON.parse((await forgeHere('compare', 'list', '--json')).out) as { id: string }[];
  assert.equal(listed[0]?.id, view.id);
  assert.ok(
    readFileSync(path.join(home, 'comparisons', view.id, 'turns.jsonl'), 'utf8').includes('two answers second'),
  );
});

test('what cannot be is refused with its remedy and exit code', async () => {
  const one = await forgeHere('compare', 'Hello', '--model', 'fast/one');
  assert.deepEqual([one.code, /two to four/.test(one.err)], [2, true]);
  const keyless = await forgeHere('compare', 'Hello', '--model', 'fast/one', '--model', 'openai/gpt-5.4-mini');
  assert.deepEqual([keyless.code, /forge secrets set\s+provider_openai/.test(keyless.err)], [3, true]);
  const unknown = await forgeHere('compare', 'resume', 'c-none-0000');
  assert.equal(unknown.code, 2);
});
