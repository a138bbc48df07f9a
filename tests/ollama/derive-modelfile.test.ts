import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Template } from '@huggingface/jinja';
import type { ChatMessage } from '#contract/serving.ts';
import { deriveModelfile, type TrainedTemplate } from '#core/serving/derive-modelfile.ts';
import { knownTemplates, type KnownTemplate } from './known-templates.ts';

export function trainedTemplate({
  source,
  bosText,
  eosText,
  addsBos,
}: Omit<KnownTemplate, 'model' | 'family' | 'system'>): TrainedTemplate {
  const template = new Template(source);
  const render = (messages: readonly ChatMessage[]): string =>
    template.render({ messages, add_generation_prompt: true, bos_token: bosText, eos_token: eosText });
  return { source, bosText, eosText, addsBos, render };
}

for (const known of knownTemplates) {
  test(`the template of ${known.model} is known as ${known.family}`, () => {
    const derived = deriveModelfile(trainedTemplate(known));
    assert.ok(derived.known, derived.known ? '' : derived.reason);
    assert.deepEqual(
      {
        family: derived.modelfile.family,
        system: derived.modelfile.system,
        hasStops: derived.modelfile.stop.length > 0,
      },
      { family: known.family, system: known.system, hasStops: true },
    );
    if (known.addsBos)
      assert.equal(derived.modelfile.template.includes(known.bosText), false, 'Ollama adds the first token itself');
  });
}

test('the Modelfile of SmolLM2 is the one that was measured', () => {
  const [smol] = knownTemplates;
  assert.ok(smol);
  assert.deepEqual(deriveModelfile(trainedTemplate(smol)), {
    known: true,
    modelfile: {
      family: 'chatml',
      template:
        '{{ range .Messages }}{{ if eq .Role "system" }}<|im_start|>system\n{{ .Content }}<|im_end|>\n{{ else if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n{{ else if eq .Role "assistant" }}<|im_start|>assistant\n{{ .Content }}<|im_end|>\n{{ end }}{{ end }}<|im_start|>assistant\n',
      system: 'You are a helpful AI assistant named SmolLM, trained by Hugging Face',
      stop: ['<|im_end|>'],
    },
  });
});

test('an open tag behind the request for an answer is kept', () => {
  const [, , plain] = knownTemplates;
  assert.ok(plain);
  const thinking = { ...plain, source: plain.source.replace('assistant\n', 'assistant\n<think>\n') };
  const derived = deriveModelfile(trainedTemplate(thinking));
  assert.ok(derived.known && derived.modelfile.template.endsWith('<|im_start|>assistant\n<think>\n'));
});

const texts = { bosText: '<s>', eosText: '</s>', addsBos: true };
const unknown: [name: string, source: string, reason: RegExp][] = [
  ['an own form', '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}', /none of the known forms/],
  [
    'a form that drops system messages',
    "{% for m in messages %}{% if m.role != 'system' %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}<|im_start|>assistant\n",
    /none of the known forms/,
  ],
  [
    'a form that changes its messages',
    '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content | upper }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n',
    /none of the known forms/,
  ],
  ['a form that refuses everything', "{{ raise_exception('no') }}", /refuses a conversation/],
  [
    'a form with the date of the day',
    "<|im_start|>system\nDate: {{ strftime_now('%d %b %Y') }}<|im_end|>\n{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n",
    /date of the day/,
  ],
];
for (const [name, source, reason] of unknown) {
  test(`${name} is refused with the reason`, () => {
    const derived = deriveModelfile(trainedTemplate({ source, ...texts }));
    assert.equal(derived.known, false);
    assert.match(derived.known ? '' : derived.reason, reason);
  });
}
