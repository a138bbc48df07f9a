import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestPlace, boxAt, toastPlaces, type Box, type Room } from './toast-place.ts';

const room: Room = { area: { left: 200, top: 0, right: 1440, bottom: 872 }, width: 416, height: 44, margin: 16 };
const around = (box: Box): Box => ({
  left: box.left + 100,
  top: box.top + 10,
  right: box.left + 180,
  bottom: box.top + 38,
});
const at = (place: (typeof toastPlaces)[number], weight = 1) => ({ box: around(boxAt(place, room)), weight });

test('notices stand at the lower right where nothing is in the way', () => {
  assert.equal(bestPlace(room, [], 'bottom-end'), 'bottom-end');
  assert.deepEqual(boxAt('bottom-end', room), { left: 1008, top: 812, right: 1424, bottom: 856 });
});

test('they go where they cover nothing, in a fixed order', () => {
  assert.equal(bestPlace(room, [at('bottom-end')], 'bottom-end'), 'bottom-center');
  assert.equal(bestPlace(room, [at('bottom-end'), at('bottom-center')], 'bottom-end'), 'bottom-start');
});

test('where every place covers something they leave free what matters most', () => {
  const all = toastPlaces.map((place) => at(place, place === 'top-center' ? 1 : 10));
  assert.equal(bestPlace(room, all, 'bottom-end'), 'top-center');
});

test('they do not wander: as good as elsewhere is good enough', () => {
  assert.equal(bestPlace(room, [], 'bottom-start'), 'bottom-start');
  assert.equal(
    bestPlace(
      room,
      toastPlaces.map((place) => at(place)),
      'top-end',
    ),
    'top-end',
  );
});

test('a control that only touches them is covered too', () => {
  const { top, bottom, right } = boxAt('bottom-end', room);
  const touching = { box: { left: right + 3, right: right + 10, top, bottom }, weight: 1 };
  assert.equal(bestPlace(room, [touching], 'bottom-end'), 'bottom-center');
});
