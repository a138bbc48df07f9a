import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsAt, describeSchema, keyAt, planSchema } from './plan-completion.ts';

const text = 'name: support\nsettings:\n  method: lora\n  ra\n  schedule: \n';

function labelsAt(marked: string): readonly string[] {
  const offset = marked.indexOf('|');
  return completionsAt(marked.replace('|', ''), offset).completions.map(({ label }) => label);
}

test('keys that are not there yet are offered at their level', () => {
  const top = labelsAt('name: support\n|');
  assert.ok(top.includes('base') && top.includes('settings') && !top.includes('name'));
  const inside = labelsAt('settings:\n  method: lora\n  ra|\nseed: 1\n');
  assert.ok(inside.includes('rank') && !inside.includes('method') && !inside.includes('base'));
});

test('after a colon the allowed values are offered', () => {
  assert.deepEqual(labelsAt('settings:\n  schedule: |\n'), ['cosine', 'linear', 'constant']);
  assert.deepEqual(labelsAt('settings:\n  gradientCheckpointing: t|\n'), ['true', 'false']);
  assert.deepEqual(labelsAt('deployToOllama: |'), ['auto', 'always', 'never']);
  assert.deepEqual(labelsAt('settings:\n  earlyStopping:\n    |\n'), ['patience', 'minimumGain']);
});

test('what is typed already is told, so that it is replaced', () => {
  assert.equal(completionsAt(text, text.indexOf('  ra') + 4).typed, 2);
});

test('the schema comes from the contract and says ranges', () => {
  const rank = planSchema.properties?.['settings']?.properties?.['rank'];
  assert.equal(rank && describeSchema(rank), 'integer ≥ 1 ≤ 512');
});

test('the key under a position is found, in its map', () => {
  assert.equal(keyAt(text, text.indexOf('lora') + 1)?.path, 'settings.method');
  assert.equal(keyAt(text, 2)?.path, 'name');
  assert.equal(keyAt('', 0), null);
});
