import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '#contract/serving.ts';
import { deriveModelfile } from '#core/serving/derive-modelfile.ts';
import { knownTemplates } from './known-templates.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const conversations: ChatMessage[][] = [
  [user('Where is the key?')],
  [{ role: 'system', content: 'Answer in verse.\nTwice.' }, user('Where is the key?')],
  [user('One'), { role: 'assistant', content: 'Two' }, user('Three "quoted" {{ and }} braced')],
  [{ role: 'system', content: 'Short.' }, user('One'), { role: 'assistant', content: 'Two' }, user('Three')],
];
const program = fileURLToPath(new URL('./go-render/main.go', import.meta.url));
const hasGo = spawnSync('go', ['version']).status === 0;

test(
  'the derived Go templates write what the trained Jinja templates write',
  { skip: hasGo ? false : 'go is not installed: the Go templates are NOT proven here' },
  () => {
    const cases = knownTemplates.flatMap(({ model, source, bosText, eosText, addsBos }) => {
      const template = new Template(source);
      const render = (messages: readonly ChatMessage[]): string =>
        template.render({ messages, add_generation_prompt: true, bos_token: bosText, eos_token: eosText });
      const derived = deriveModelfile({ source, bosText, eosText, addsBos, render });
      assert.ok(derived.known, model);
      const { modelfile } = derived;
      return conversations.flatMap((messages) => {
        if (model === 'Gemma-2-it' && messages[0]?.role === 'system') return []; // the template refuses system messages
        const expected = render(messages);
        const withoutFirst = addsBos && expected.startsWith(bosText) ? expected.slice(bosText.length) : expected;
        return [
          {
            model,
            expected: withoutFirst,
            job: { template: modelfile.template, system: modelfile.system ?? '', messages },
          },
        ];
      });
    });
    const output = execFileSync('go', ['run', program], {
      input: JSON.stringify(cases.map(({ job }) => job)),
      encoding: 'utf8',
    });
    const texts = JSON.parse(output) as string[];
    assert.deepEqual(
      cases.map(({ model }, index) => ({ model, text: texts[index] })),
      cases.map(({ model, expected }) => ({ model, text: expected })),
    );
    assert.ok(cases.length > 40, 'all families were seen');
  },
);
