import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passageQuestion } from './passage-question.ts';

const passage = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');

test('a passage is asked for by its beginning and answered by its end, cut between words; nothing of it is lost', () => {
  const [question, answer] = passageQuestion(passage) ?? [];
  assert.match(question?.content ?? '', /^Go on with this text:\n\nword0 .*word\d+$/s);
  assert.ok((answer?.content.length ?? 0) <= 240, String(answer?.content.length));
  const beginning = question?.content.replace('Go on with this text:\n\n', '');
  assert.equal(`${beginning} ${answer?.content}`, passage);
});

test('text without blanks is cut between signs, never inside one', () => {
  const [question, answer] = passageQuestion('😀'.repeat(41)) ?? [];
  assert.equal(question?.content.isWellFormed(), true);
  assert.equal(answer?.content.isWellFormed(), true);
});

test('a passage that is too short gives no question', () => {
  assert.equal(passageQuestion('short'), null);
  assert.equal(passageQuestion(' '.repeat(80)), null);
});
