// Table 1.2: every shape of record, its exact rules, and what is refused with which code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { row, messagesOf, codeOf, user, assistant, asked, turns } from '../../../tests/fixtures/imported-record.ts';

test('OpenAI messages keep weight, tools and tool calls', () => {
  const tools = [{ type: 'function', function: { name: 'weather', parameters: {} } }];
  const called = row({
    tools,
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Rain' },
          { type: 'text', text: '?' },
        ],
      },
      {
        role: 'assistant',
        content: null,
        weight: 0,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"in":"Ulm"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'assistant', content: 'Yes.', weight: 1 },
    ],
  });
  assert.ok(called.kind === 'sft');
  assert.deepEqual(called.tools, tools);
  assert.deepEqual(called.messages, [
    { role: 'system', content: 'Be brief.' },
    user('Rain?'),
    {
      role: 'assistant',
      content: '',
      weight: 0,
      tool_calls: [{ id: 'c1', name: 'weather', arguments: '{"in":"Ulm"}' }],
    },
    { role: 'tool', content: 'rain', tool_call_id: 'c1' },
    { role: 'assistant', content: 'Yes.', weight: 1 },
  ]);
});

test('what messages must not be is refused with its code', () => {
  const refused: [string, unknown[]][] = [
    ['UNSUPPORTED_PART', [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }, assistant('a')]],
    ['BAD_ROLE', [{ role: 'narrator', content: 'q' }, assistant('a')]],
    ['BAD_WEIGHT', [user('q'), { ...assistant('a'), weight: 2 }]],
    ['BAD_ROLE_ORDER', [assistant('a'), user('q')]],
    ['BAD_ROLE_ORDER', [user('q'), user('q'), assistant('a')]],
    ['BAD_ROLE_ORDER', [user('q'), assistant('a'), user('more?')]],
    ['BAD_ROLE_ORDER', [user('q'), { role: 'tool', content: 'x' }, assistant('a')]],
    [
      'BAD_ROLE_ORDER',
      [
        user('q'),
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: '' } }] },
        user('x'),
        assistant('a'),
      ],
    ],
    ['BAD_TOOL_CALL', [user('q'), { role: 'assistant', content: '', tool_calls: [{ function: {} }] }]],
    ['NOTHING_TO_LEARN', [user('q'), { ...assistant('a'), weight: 0 }]],
    ['EMPTY_FIELD', [user(' \n'), assistant('a')]],
    ['EMPTY_FIELD', [user('q'), assistant('')]],
    ['EMPTY_FIELD', []],
    ['UNKNOWN_SHAPE', ['q', 'a']],
  ];
  for (const [code, messages] of refused) assert.equal(codeOf({ messages }), code, JSON.stringify(messages));
});

test('ShareGPT: every name of a speaker, the instruction beside it, calls and observations', () => {
  const speakers = ['human', 'gpt', 'user', 'assistant', 'human', 'chatgpt', 'human', 'bard', 'human', 'bing'];
  assert.deepEqual(
    messagesOf({ system: 'S', conversations: turns(...speakers) }).map(({ role }) => role),
    ['system', ...speakers.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant'))],
  );
  assert.deepEqual(
    messagesOf({
      conversations: [
        { from: 'human', value: 'q' },
        { from: 'function_call', value: '{"name":"f","arguments":{"x":1}}' },
        { from: 'observation', value: 'o' },
        { from: 'gpt', value: 'a' },
      ],
    }),
    [
      user('q'),
      { role: 'assistant', content: '', tool_calls: [{ name: 'f', arguments: '{"x":1}' }] },
      { role: 'tool', content: 'o' },
      assistant('a'),
    ],
  );
});

test('ShareGPT: the human side sits on odd places, or the row is rejected, never skipped silently', () => {
  assert.equal(codeOf({ conversations: turns('gpt', 'human') }), 'BAD_ROLE_ORDER');
  assert.equal(codeOf({ conversations: turns('human', 'human', 'gpt') }), 'BAD_ROLE_ORDER');
  assert.equal(codeOf({ conversations: turns('human', 'gpt', 'human') }), 'BAD_ROLE_ORDER');
  assert.equal(codeOf({ conversations: turns('human', 'narrator') }), 'BAD_ROLE');
});

test('Alpaca: instruction, a new line, input; history becomes earlier turns', () => {
  assert.deepEqual(
    messagesOf({ instruction: 'Sort', input: 'b a', output: 'a b', system: 'S', history: [['q1', 'a1']] }),
    [{ role: 'system', content: 'S' }, user('q1'), assistant('a1'), user('Sort\nb a'), assistant('a b')],
  );
  assert.deepEqual(messagesOf({ instruction: 'Sort', input: '', output: 'a b' }), [user('Sort'), assistant('a b')]);
  assert.equal(codeOf({ instruction: 'x', output: 'y', history: [['only']] }), 'UNKNOWN_SHAPE');
});

test('preference pairs: texts, messages, lists, whole conversations, beside an instruction', () => {
  const expected = { prompt: [user('q')], chosen: [assistant('good')], rejected: [assistant('bad')] };
  const forms: unknown[] = [
    { prompt: 'q', chosen: 'good', rejected: 'bad' },
    { prompt: [user('q')], chosen: assistant('good'), rejected: [assistant('bad')] },
    { chosen: [user('q'), assistant('good')], rejected: [user('q'), assistant('bad')] },
    {
      prompt: 'q',
      messages: [user('q'), assistant('good')],
      chosen: [user('q'), assistant('good')],
      rejected: [user('q'), assistant('bad')],
    },
    { instruction: 'q', input: '', chosen: 'good', rejected: 'bad' },
    {
      conversations: turns('human').map(() => ({ from: 'human', value: 'q' })),
      chosen: { from: 'gpt', value: 'good' },
      rejected: { from: 'gpt', value: 'bad' },
    },
    {
      input: { messages: [user('q')] },
      preferred_output: [assistant('good')],
      non_preferred_output: [assistant('bad')],
    },
  ];
  for (const form of forms) {
    const made = row(form);
    assert.ok(made.kind === 'preference', JSON.stringify(form));
    const { prompt, chosen, rejected } = made;
    assert.deepEqual({ prompt, chosen, rejected }, expected, JSON.stringify(form));
  }
});

test('preference pairs with equal answers, or with only one of them, are rejected', () => {
  assert.equal(codeOf({ prompt: 'q', chosen: 'same', rejected: 'same' }), 'SAME_ANSWERS');
  assert.equal(
    codeOf({ chosen: [user('q'), assistant('same')], rejected: [user('q'), assistant('same')] }),
    'SAME_ANSWERS',
  );
  assert.equal(codeOf({ prompt: 'q', chosen: 'good' }), 'UNKNOWN_SHAPE');
  assert.equal(codeOf({ prompt: '', chosen: 'good', rejected: 'bad' }), 'EMPTY_FIELD');
  assert.equal(codeOf({ prompt: 'q', chosen: 'good', rejected: ' ' }), 'EMPTY_FIELD');
});

test('unpaired answers: label, and kto_tag over whole conversations', () => {
  const labelled = row({ prompt: 'q', completion: 'a', label: false });
  assert.ok(labelled.kind === 'unpaired');
  assert.deepEqual([labelled.prompt, labelled.completion, labelled.label], [[user('q')], [assistant('a')], false]);
  const tagged = row({ messages: [user('q1'), assistant('a1'), user('q'), assistant('a')], kto_tag: true });
  assert.ok(tagged.kind === 'unpaired');
  assert.deepEqual([tagged.prompt.length, tagged.completion, tagged.label], [3, [assistant('a')], true]);
  const alpaca = row({ instruction: 'q', input: 'more', output: 'a', kto_tag: 'False' });
  assert.ok(alpaca.kind === 'unpaired');
  assert.deepEqual([alpaca.prompt, alpaca.label], [[user('q\nmore')], false]);
  assert.equal(codeOf({ messages: asked, kto_tag: 'perhaps' }), 'BAD_LABEL');
});

test('completions, a prompt alone, plain text', () => {
  assert.deepEqual(messagesOf({ prompt: 'q', completion: 'a' }), asked);
  assert.deepEqual(messagesOf({ prompt: [user('q')], completion: [assistant('a')] }), asked);
  const prompt = row({ prompt: 'q' });
  assert.deepEqual([prompt.kind, prompt.kind === 'prompt' && prompt.messages], ['prompt', [user('q')]]);
  const text = row({ text: 'Once.' });
  assert.deepEqual([text.kind, text.kind === 'text' && text.text], ['text', 'Once.']);
  assert.equal(codeOf({ text: ' ' }), 'EMPTY_FIELD');
  assert.equal(codeOf({ prompt: 'q', completion: '' }), 'EMPTY_FIELD');
});

test('raw ChatML is parsed to turns; markers that do not match refuse the row', () => {
  const raw =
    '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nq\nmore<|im_end|>\n<|im_start|>assistant\na<|im_end|>\n';
  assert.deepEqual(messagesOf({ text: raw }), [{ role: 'system', content: 'S' }, user('q\nmore'), assistant('a')]);
  for (const wrong of [
    raw.slice(0, -12),
    `${raw}<|im_start|>user\n`,
    `x${raw}`,
    raw.replace('<|im_end|>', ''),
    '<|im_start|>user<|im_end|>',
  ])
    assert.equal(codeOf({ text: wrong }), 'BAD_MARKERS', wrong);
});

test('engie: what a person merged is gold; a teacher’s answer waits for its terms', () => {
  const taught = row({ prompt: 'q', claude_response: 'a', local_response: 'b' });
  assert.deepEqual(
    [
      taught.kind === 'sft' && taught.messages,
      taught.training_eligible,
      taught.source.teacher,
      taught.source.teacher_terms,
    ],
    [asked, 'review', 'anthropic/claude', 'review'],
  );
  assert.equal(row({ prompt: 'q', claude_response: 'a', training_eligible: true }).training_eligible, true);
  const merged = row({ prompt: 'q', claude_response: 'x', ground_truth_diff: 'a' });
  assert.deepEqual(
    [merged.kind === 'sft' && merged.messages, merged.training_eligible, merged.source.teacher],
    [asked, true, undefined],
  );
});
