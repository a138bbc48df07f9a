import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planText, readPlanText, updatedPlanText } from './plan-document.ts';
import { settledWishes } from './settled-wishes.ts';

const recipe = {
  method: 'lora',
  rank: 16,
  learningRate: 0.0004,
  maxMinutes: null,
  earlyStopping: { patience: 3, minimumGain: 0.001 },
  keepCheckpoints: 2,
};
const request = { name: 'support', base: 'smollm2-135m-instruct', settings: { rank: 32 } } as const;

test('the text shows every setting, planned or by hand, and reads back to the same decisions', () => {
  const text = planText(request, { ...recipe, rank: 32 }, 'What is changed\nis set by hand.');
  assert.match(text, /^# What is changed\n# is set by hand\.\n\nname: support\n/);
  assert.match(text, /\n {2}learningRate: 0\.0004\n/);
  assert.doesNotMatch(text, /keepCheckpoints/);
  assert.deepEqual(readPlanText(text, request, { ...recipe, rank: 32 }), { ok: true, request });
});

test('a changed line is set by hand, a line taken out goes back to Forge', () => {
  const text = planText(request, { ...recipe, rank: 32 }, '');
  const changed = text.replace('learningRate: 0.0004', 'learningRate: 0.001').replace(/ {2}rank: 32\n/, '');
  assert.deepEqual(readPlanText(changed, request, { ...recipe, rank: 32 }), {
    ok: true,
    request: { name: 'support', base: 'smollm2-135m-instruct', settings: { learningRate: 0.001 } },
  });
});

test('a value set by hand stays so even where it equals the plan', () => {
  const text = planText(request, { ...recipe, rank: 32 }, '');
  const read = readPlanText(text, request, { ...recipe, rank: 32 });
  assert.deepEqual(read.ok && read.request.settings, { rank: 32 });
});

test('a change from the form is written into the text, comments and order stay', () => {
  const text = '# mine\nsettings:\n  rank: 16 # small\n  method: lora\nname: support\n';
  const after = updatedPlanText(text, { name: 'tickets', settings: { rank: 8 } }, { method: 'lora', rank: 8 });
  assert.equal(after, '# mine\nsettings:\n  rank: 8 # small\n  method: lora\nname: tickets\n');
});

test('text that cannot be read is not overwritten', () => {
  assert.equal(updatedPlanText('name: [', request, recipe), 'name: [');
});

test('every problem names its place', () => {
  const text = 'name: Größe\nsettings:\n  rank: 0\n  method: magic\n  learningRate: fast\n  speed: 3\n';
  const read = readPlanText(text, {}, recipe);
  assert.equal(read.ok, false);
  const told = read.ok ? [] : read.problems.map(({ kind, path, from, to }) => [kind, path, text.slice(from, to)]);
  assert.deepEqual(told.toSorted(), [
    ['choice', 'settings.method', 'magic'],
    ['name', 'name', 'Größe'],
    ['too-small', 'settings.rank', '0'],
    ['type', 'settings.learningRate', 'fast'],
    ['unknown-key', 'settings.speed', '3'],
  ]);
});

test('broken YAML, a list, references and endless text are refused, none of them throws', () => {
  const bomb = `a: &a [1,1]\nb: &b [*a,*a]\nname: *b\n`;
  for (const text of ['name: [', '- a\n- b\n', bomb, `name: ${'x'.repeat(200_000)}`])
    assert.equal(readPlanText(text, {}, recipe).ok, false, text.slice(0, 20));
});

test('an empty text decides nothing', () => {
  assert.deepEqual(readPlanText('', request, recipe), { ok: true, request: {} });
});

test('wishes that are settings become settings; a setting set by hand wins', () => {
  assert.deepEqual(settledWishes({ name: 'a', rank: 8, minutes: 5, learningRate: 0.1, settings: { rank: 4 } }), {
    name: 'a',
    settings: { rank: 4, learningRate: 0.1, maxMinutes: 5 },
  });
  assert.deepEqual(settledWishes({ name: 'a' }), { name: 'a' });
});
