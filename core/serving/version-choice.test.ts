import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseVersion, familyOf } from './version-choice.ts';

test('without a choice the newest is served, and the way back leads to the one below', () => {
  const family = { name: 'support', current: 3, pinned: false, previous: 2, versions: [1, 2, 3] };
  assert.deepEqual(familyOf('support', [3, 1, 2], undefined), family);
  assert.equal(familyOf('support', [5], undefined).previous, null);
});

test('switching to a version and back is one choice each way', () => {
  const newest = familyOf('support', [1, 2, 3], undefined);
  const first = familyOf('support', [1, 2, 3], chooseVersion(newest, 1));
  assert.deepEqual([first.current, first.pinned, first.previous], [1, true, 3]);
  const back = familyOf('support', [1, 2, 3], chooseVersion(first, first.previous));
  assert.deepEqual([back.current, back.pinned, back.previous], [3, true, 1]);
});

test('choosing what is served already keeps the way back', () => {
  const first = familyOf('support', [1, 2, 3], chooseVersion(familyOf('support', [1, 2, 3], undefined), 1));
  const again = familyOf('support', [1, 2, 3], chooseVersion(first, 1));
  assert.deepEqual([again.current, again.previous], [1, 3]);
});

test('a pinned name stays where it is when a new version comes; a following one goes on, and back is the one before', () => {
  const pinned = chooseVersion(familyOf('support', [1, 2], undefined), 1);
  assert.deepEqual(familyOf('support', [1, 2, 3], pinned).current, 1);
  const following = chooseVersion(familyOf('support', [1, 2], pinned), null);
  assert.deepEqual(following, { version: null, previous: 1, current: 2 });
  const grown = familyOf('support', [1, 2, 3], following);
  assert.deepEqual([grown.current, grown.pinned, grown.previous], [3, false, 2]);
});

test('a chosen version that was removed gives way to the newest, and a way back that was removed is not offered', () => {
  const pinned = chooseVersion(familyOf('support', [1, 2, 3], undefined), 2);
  const gone = familyOf('support', [1, 3], pinned);
  assert.deepEqual([gone.current, gone.pinned, gone.previous], [3, false, 1]);
  assert.equal(familyOf('support', [2], pinned).previous, null);
});
