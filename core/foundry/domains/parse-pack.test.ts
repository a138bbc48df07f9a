import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepsOfPack } from './pack-steps.ts';
import { jsonPath, parsePack } from './parse-pack.ts';

/** The example of the format's own description. */
const seed = {
  id: 'your-domain',
  name: 'Your Domain Name',
  description: 'What this domain covers',
  base_model: 'Qwen2.5-Coder-7B-Instruct-4bit',
  model_prefix: 'engie-yourdomain',
  system_prompt: 'You are an expert in...',
  data: { min_response_length: 100, require_code_blocks: false, dedup_by_hash: true },
  eval: {
    has_executable_tests: false,
    scoring: {
      structure: { weight: 25 },
      correctness: { weight: 40 },
      similarity: { weight: 20 },
      completeness: { weight: 15 },
    },
  },
  training: { iterations: 500, batch_size: 4, learning_rate: 1e-5, num_layers: 16 },
  ollama: { temperature: 0.7, top_p: 0.9, num_ctx: 8192 },
};

function problemsOf(value: unknown): string[] {
  return parsePack(value).problems.map(({ path }) => path);
}

test('a pack as its format describes it is read, and keys nobody knows are kept at every level', () => {
  const mine = { ...seed, colour: 'red', data: { ...seed.data, tags: ['a'] }, ollama: { ...seed.ollama, seed: 7 } };
  const { pack } = parsePack(mine);
  assert.deepEqual(JSON.parse(JSON.stringify({ ...pack, safety_notes: undefined })), {
    ...mine,
    data: { ...mine.data, pii_packs: [], pii_review: false },
  });
});

test('each wrong key is named with its path, what stands there and what to write', () => {
  const { problems } = parsePack({ ...seed, data: { min_response_length: '100', require_code_blocks: 'no' } });
  assert.deepEqual(problems, [
    {
      path: '$.data.min_response_length',
      message: '$.data.min_response_length is "100"',
      remedy: 'Write at $.data.min_response_length: a whole number from 0 to 1000000.',
    },
    {
      path: '$.data.require_code_blocks',
      message: '$.data.require_code_blocks is "no"',
      remedy: 'Write at $.data.require_code_blocks: true or false.',
    },
  ]);
});

test('what is missing, out of range, of another shape or leads out of the folder is named too', () => {
  assert.deepEqual(problemsOf({ id: 'a', name: 'A' }), ['$.system_prompt']);
  assert.deepEqual(problemsOf({ ...seed, ollama: { top_p: 2 } }), ['$.ollama.top_p']);
  assert.deepEqual(problemsOf({ ...seed, id: 'Two Words' }), ['$.id']);
  assert.deepEqual(problemsOf({ ...seed, safety_notes: ['fine', 3] }), ['$.safety_notes[1]']);
  assert.deepEqual(problemsOf({ ...seed, eval: { tasks: '../../secrets.jsonl' } }), ['$.eval.tasks']);
  assert.deepEqual(problemsOf({ ...seed, samples: { file: '/etc/passwd', licence: 'x', rows: 1 } }), [
    '$.samples.file',
  ]);
  assert.deepEqual(problemsOf([seed]), ['$']);
  assert.deepEqual(problemsOf(null), ['$']);
});

test('weights that do not make 100 together are refused', () => {
  const scoring = { ...seed.eval.scoring, structure: { weight: 30 } };
  const [problem] = parsePack({ ...seed, eval: { scoring } }).problems;
  assert.equal(problem?.path, '$.eval.scoring');
  assert.match(problem?.remedy ?? '', /must be 100/);
});

test('a path quotes names that are no plain words', () => {
  assert.equal(jsonPath(['a b', 0, 'c']), '$["a b"][0].c');
});

test('filters come out in their order, and none where the pack wants none', () => {
  const steps = (data: object) => {
    const { pack } = parsePack({ ...seed, data });
    return pack === null ? [] : stepsOfPack(pack).map(({ kind }) => kind);
  };
  assert.deepEqual(steps({ min_response_length: 500, require_code_blocks: true }), [
    'length',
    'code',
    'exact-duplicates',
  ]);
  assert.deepEqual(steps({ min_response_length: 0, dedup_by_hash: false }), []);
});
