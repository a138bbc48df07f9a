import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearDuplicateTexts } from '../../../tests/fixtures/near-duplicate-texts.ts';
import { mulberry32 } from '../../random/mulberry32.ts';
import { sftRow, textRow } from '../fake-rows.ts';
import {
  contaminationFlags,
  createContaminationIndex,
  findContamination,
  type ContaminationIndex,
  type ContaminationTask,
} from './find-contamination.ts';

const guid = '1f5a3c9e-0b7d-4c2e-9a41-6d8e2b7f0c13';
const problem =
  'Given a list of daily prices return the largest profit that one purchase and one later sale can make or zero if none exists';

const tasks: ContaminationTask[] = [
  { set: 'code', id: '1', texts: [problem, 'def best(prices): ...'], guid },
  { set: 'code', id: '2', texts: ['Reverse the words of a sentence in place, please'] },
  { set: 'facts', id: 'x', texts: ['Who wrote the Odyssey again?', '42', 'Homer'] },
  { set: 'facts', id: 'zh', texts: ['请根据下面这段关于长江流域水文变化的文字回答所有问题并说明理由和依据'] },
];
const index = createContaminationIndex(tasks);

function hitsIn(text: string, where: ContaminationIndex = index): string[] {
  return findContamination(textRow(text), where).map(({ kind, set, id }) => `${kind} ${set}/${id}`);
}

const words = (text: string): string[] => text.split(' ');

test('thirteen words in a row are enough, twelve are not; case and punctuation make no difference', () => {
  const thirteen = words(problem).slice(4, 17).join(' ');
  assert.deepEqual(hitsIn(`Before. ${thirteen.toUpperCase().replaceAll(' ', ', ')}! After`), ['n-gram code/1']);
  assert.deepEqual(hitsIn(`Before. ${words(problem).slice(4, 16).join(' ')}! After`), []);
});

test('eight words of a short prompt are enough, seven are not', () => {
  assert.deepEqual(hitsIn('Now reverse the words of a sentence in place quickly'), ['n-gram code/2']);
  assert.deepEqual(hitsIn('Now reverse the words of a sentence in memory'), []);
});

test('a very short prompt counts only as a whole, and never in an answer; single words never', () => {
  assert.deepEqual(hitsIn('who wrote the odyssey, again'), ['whole facts/x']);
  assert.deepEqual(hitsIn('Tell me who wrote the Odyssey again?'), []);
  assert.deepEqual(findContamination(sftRow('Say it.', 'Who wrote the Odyssey again?'), index), []);
  assert.deepEqual([hitsIn('42'), hitsIn('Homer')], [[], []]);
});

test('languages without spaces are compared by characters', () => {
  assert.deepEqual(hitsIn('注意：请根据下面这段关于长江流域水文变化的文字回答所有问题。'), ['n-gram facts/zh']);
  assert.deepEqual(hitsIn('请根据下面这段关于长江流域的文字回答所有问题'), []);
});

test('a canary gives a row away whatever stands around it', () => {
  assert.deepEqual(hitsIn(`// canary ${guid.toUpperCase()}`), ['canary code/1']);
  assert.deepEqual(hitsIn('id 1f5a3c9e-0b7d-4c2e-9a41-6d8e2b7f0c14'), []);
});

test('a rephrased task that no n-gram gives away is proposed for review, with its similarity', () => {
  const rephrased =
    'given a list of prices return the largest daily profit that one purchase and a later sale can make or zero if no trade exists';
  const [hit, ...more] = findContamination(textRow(rephrased), index);
  assert.deepEqual([hit?.kind, hit?.set, hit?.id, more.length], ['similar', 'code', '1', 0]);
  assert.ok((hit?.score ?? 0) > 0.8 && (hit?.score ?? 1) < 1);
  assert.deepEqual(hitsIn('given a list of prices return the mean'), []);
});

test('the wording that the tasks of a set share is no contamination, what each adds is', () => {
  const instruction =
    'You are a careful support agent. Read the ticket below and answer with one of the labels that follow, nothing else:';
  const own = Array.from({ length: 40 }, (_, task) => ({
    set: 'held-out',
    id: String(task),
    texts: [`${instruction} ${Array.from({ length: 20 }, (_, word) => `t${task}w${word}`).join(' ')}`],
  }));
  const held = createContaminationIndex(own);
  assert.deepEqual(
    hitsIn(`${instruction} a quite different ticket about a printer that has been offline since noon`, held),
    [],
  );
  assert.deepEqual(hitsIn(own[7]?.texts[0] ?? '', held), ['n-gram held-out/7']);
});

test('a task that stands in two sets is told for both', () => {
  const both = createContaminationIndex([
    { ...tasks[0], set: 'a' } as ContaminationTask,
    { ...tasks[0], set: 'b' } as ContaminationTask,
  ]);
  assert.deepEqual(hitsIn(problem, both).toSorted(), ['n-gram a/1', 'n-gram b/1']);
});

test('a hit is a flag with its place; the score is the number of shared n-grams', () => {
  const row = sftRow('Hello', words(problem).slice(0, 15).join(' '));
  assert.deepEqual(contaminationFlags(findContamination(row, index)), [
    { check: 'contamination', code: 'n-gram:code/1', place: 'messages.1.content', score: 3 },
  ]);
});

test('without tasks nothing is found', () => {
  assert.deepEqual(hitsIn(problem, createContaminationIndex([])), []);
});

test('rows of the same vocabulary give no false hit, planted ones are all found', () => {
  const { texts } = nearDuplicateTexts(8000, 21, 60);
  const fresh = texts.filter((_, at) => at >= 2000);
  const benchmark = createContaminationIndex(
    nearDuplicateTexts(2000, 22, 60).texts.map((text, id) => ({ set: 'b', id: String(id), texts: [text] })),
  );
  assert.ok(benchmark.ngrams > 80_000);
  assert.deepEqual(
    fresh.flatMap((text) => hitsIn(text, benchmark)),
    [],
  );
  const random = mulberry32(5);
  const planted = nearDuplicateTexts(2000, 22, 60).texts.slice(0, 200);
  planted.forEach((text) => {
    const own = words(text);
    const start = Math.floor(random() * (own.length - 13));
    const row = `${fresh[start] ?? ''} ${own.slice(start, start + 13).join(' ')}`;
    assert.ok(hitsIn(row, benchmark).length >= 1);
  });
});

test('a row is hit exactly when it shares thirteen words in a row, as plain strings tell (property)', () => {
  const text = fc.array(fc.constantFrom('a', 'b'), { minLength: 13, maxLength: 24 });
  fc.assert(
    fc.property(text, text, (task, row) => {
      const runs = (list: readonly string[]) => list.slice(12).map((_, at) => list.slice(at, at + 13).join(' '));
      const expected = runs(row).some((run) => runs(task).includes(run));
      const found = hitsIn(row.join(' '), createContaminationIndex([{ set: 's', id: 't', texts: [task.join(' ')] }]));
      assert.equal(found.includes('n-gram s/t'), expected);
    }),
    { numRuns: 500, seed: 8 },
  );
});

test('every text that shares more than 0.8 of its words with a task is proposed, as plain sets tell (property)', () => {
  const letters = 'abcdefghijklmnopqrst'.split('');
  const text = fc.shuffledSubarray(letters, { minLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), text, (taskWords, rowWords) => {
      const similarities = taskWords.map((task) => {
        const common = task.filter((word) => rowWords.includes(word)).length;
        return common / (task.length + rowWords.length - common);
      });
      const where = createContaminationIndex(
        taskWords.map((task, id) => ({ set: 's', id: String(id), texts: [task.join(' ')] })),
      );
      const [hit] = findContamination(textRow(rowWords.join(' ')), where);
      if (hit !== undefined && hit.kind !== 'similar') return;
      const most = Math.max(...similarities);
      assert.deepEqual(hit?.score ?? null, most > 0.8 ? most : null);
    }),
    { numRuns: 1000, seed: 10 },
  );
});
