import { startRealOllama } from '../fixtures/real-ollama.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';
import { createOllama } from '#native-bridge/ollama/create-ollama.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { knownTemplates } from './known-templates.ts';
import { trainedTemplate } from './derive-modelfile.test.ts';
import { deriveModelfile } from '#core/serving/derive-modelfile.ts';
const r = await startRealOllama(); if ('missing' in r) throw new Error(r.missing);
const o = createOllama({ host: r.host }); const ggufPath = await baseGguf();
const d = deriveModelfile(trainedTemplate(knownTemplates[0]!)); if (!d.known) throw 1;
await o.create({ name: 'x:v1', ggufPath, modelfile: d.modelfile, contextTokens: 1024 });
const s = createModelServer({ physicalCores: 2, policy: servingPolicy }); await s.load({ path: ggufPath, contextTokens: 1024 });
for (const content of ['What is the capital of France?', 'Name three colours.', 'What is 2 plus 2?', 'Why is the sky blue?']) {
  let text = ''; for await (const e of s.chat({ messages: [{ role: 'user', content }], maximumTokens: 32 })) if (e.kind === 'delta') text += e.text;
  console.log('E', JSON.stringify(text));
  for (const extra of [{}, { repeat_penalty: 1.0 }, { repeat_penalty: 1.0, presence_penalty: 0, frequency_penalty: 0, top_k: 0, top_p: 1 }]) {
    const res = await fetch(`http://${r.host}/api/chat`, { method: 'POST', body: JSON.stringify({ model: 'x:v1', stream: false, messages: [{ role: 'user', content }], options: { num_predict: 32, temperature: 0, seed: 0, num_thread: 2, ...extra } }) });
    const b = await res.json() as { message: { content: string } , prompt_eval_count: number}; console.log('O', b.prompt_eval_count, JSON.stringify(b.message.content));
  }
}
await s.dispose(); await r.stop();
