import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asTemplate,
  inShape,
  isTemplate,
  missingPlaces,
  placesOf,
  shapeOf,
  withColumn,
  withPlace,
} from './field-mapping.ts';

const columns = ['title', 'body', 'reply', '{odd}'];

test('a column dropped on a place stands there alone, the next makes a template of both', () => {
  const first = withColumn(undefined, 'title', columns);
  assert.equal(first, 'title');
  const second = withColumn(first, 'body', columns);
  assert.equal(second, '{title}\n\n{body}');
  assert.equal(withColumn(second, 'reply', columns), '{title}\n\n{body}\n\n{reply}');
  assert.equal(withColumn('title', 'title', columns), 'title');
});

test('a column with braces in its name is a column', () => {
  assert.equal(isTemplate('{odd}', columns), false);
  assert.equal(isTemplate('{title}: {body}', columns), true);
  assert.equal(asTemplate('body', columns), '{body}');
});

test('the shape follows from the places, and a change of shape keeps what fits', () => {
  assert.equal(shapeOf({ prompt: 'title', answer: 'reply' }), 'pair');
  assert.equal(shapeOf({ prompt: 'title' }), 'prompt');
  assert.equal(shapeOf({}), 'pair');
  const preference = inShape({ prompt: 'title', answer: 'reply', group: 'thread', context: 'body' }, 'preference');
  assert.deepEqual(preference, { prompt: 'title', chosen: 'reply', group: 'thread' });
  assert.equal(shapeOf(preference), 'preference');
  assert.deepEqual(missingPlaces(preference), ['rejected']);
  assert.deepEqual(inShape({ text: 'body' }, 'pair'), { prompt: 'body' });
});

test('an emptied place is gone, and a column knows where it stands', () => {
  const mapping = withPlace({ prompt: '{title}: {body}', answer: 'reply' }, 'answer', null);
  assert.deepEqual(mapping, { prompt: '{title}: {body}' });
  assert.deepEqual(placesOf(mapping, 'body'), ['prompt']);
  assert.deepEqual(placesOf(mapping, 'reply'), []);
});
