import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeColumn, suggestFields } from './suggest-fields.ts';

const column = (name: string, ...values: readonly string[]) => ({ name, values });

test('names that are understood are enough', () => {
  const found = suggestFields([column('Question', 'a'), column('Reply', 'b'), column('id', '1')]);
  assert.deepEqual(found, { prompt: 'Question', answer: 'Reply', id: 'id' });
});

test('without names, question marks and length tell what is asked from what is replied', () => {
  const found = suggestFields([
    column('A', '17', '18', '19'),
    column(
      'C',
      'Use the form on your account page. '.repeat(9),
      'It takes three days from our house. '.repeat(9),
      'Yes. '.repeat(60),
    ),
    column('B', 'How do I get my money back?', 'When will it arrive?', 'Can I still change the size?'),
  ]);
  assert.deepEqual(found, { prompt: 'B', answer: 'C' });
});

test('a column of few values beside one text is the label to be told', () => {
  const texts = [
    'The parcel is late again, please help',
    'I love these shoes very much',
    'The box was open when it came',
    'Great service as ever, thanks',
  ];
  const found = suggestFields([column('x', ...texts), column('y', 'bad', 'bad', 'bad', 'bad')]);
  assert.deepEqual(found, { prompt: 'x', answer: 'y' });
});

test('a category beside nothing but a text or a question files it', () => {
  const found = suggestFields([
    column('text', 'a', 'b', 'c', 'd'),
    column('Category', 'x', 'x', 'x', 'x'),
    column('id', '1'),
  ]);
  assert.deepEqual(found, { text: 'text', category: 'Category', id: 'id' });
  assert.deepEqual(suggestFields([column('prompt', 'Why?'), column('category', 'x')]), {
    prompt: 'prompt',
    category: 'category',
  });
  assert.deepEqual(suggestFields([column('ticket', 'Late'), column('category', 'x')]), {
    prompt: 'ticket',
    answer: 'category',
  });
});

test('one column of prose is text, and numbers are nothing', () => {
  assert.deepEqual(suggestFields([column('body', 'A long walk along the river.', 'The second day it rained.')]), {
    text: 'body',
  });
  assert.deepEqual(suggestFields([column('a', '1', '2'), column('b', '2026-01-01', '2026-01-02')]), {});
});

test('a column is described by how much of it is filled and what stands in it first', () => {
  assert.deepEqual(describeColumn(column('note', '', 'four', 'eight888')), {
    name: 'note',
    filled: 2 / 3,
    meanCharacters: 6,
    example: 'four',
  });
});
