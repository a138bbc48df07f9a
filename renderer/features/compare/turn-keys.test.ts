import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOfKey, votedAgain } from './turn-keys.ts';

const press = (key: string, held: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test('digits vote for a pane that is there, = is a tie, 0 is none', () => {
  assert.deepEqual(actionOfKey(press('2'), 2), { kind: 'vote', vote: { pane: 1 } });
  assert.equal(actionOfKey(press('3'), 2), null);
  assert.deepEqual(actionOfKey(press('='), 2), { kind: 'vote', vote: 'tie' });
  assert.deepEqual(actionOfKey(press('0'), 2), { kind: 'vote', vote: 'none' });
});

test('letters do what their buttons say, in both cases', () => {
  const kinds = ['e', 'K', 'p', 'D', 't', 'n', 'B'].map((key) => actionOfKey(press(key), 2)?.kind);
  assert.deepEqual(kinds, ['edit', 'keep-example', 'keep-preference', 'differences', 'plain', 'next', 'back']);
});

test('keys of the system and names of keys are left alone', () => {
  assert.equal(actionOfKey(press('k', { ctrlKey: true }), 2), null);
  assert.equal(actionOfKey(press('1', { altKey: true }), 2), null);
  assert.equal(actionOfKey(press('p', { metaKey: true }), 2), null);
  assert.equal(actionOfKey(press('Enter'), 2), null);
  assert.equal(actionOfKey(press('constructor'), 2), null);
});

test('voting the same again takes the vote back, another vote replaces it', () => {
  assert.equal(votedAgain({ pane: 1 }, { pane: 1 }), null);
  assert.deepEqual(votedAgain({ pane: 1 }, { pane: 0 }), { pane: 0 });
  assert.equal(votedAgain('tie', 'tie'), null);
  assert.equal(votedAgain(null, 'none'), 'none');
});
