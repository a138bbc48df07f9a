import { startRealOllama } from '../fixtures/real-ollama.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';
import { createOllama } from '#native-bridge/ollama/create-ollama.ts';
import { createModelServer } from '#native-bridge/llama/model-server.ts';
import { servingPolicy } from '#core/serving/serving-policy.ts';
import { knownTemplates } from './known-templates.ts';
import { trainedTemplate } from './derive-modelfile.test.ts';
import { deriveModelfile } from '#core/serving/derive-modelfile.ts';
const qs = ['What is the capital of France?','Name three colours.','How many legs does a spider have?','Write one sentence about the sea.','What does a baker do?','Explain gravity to a child.','What is 2 plus 2?','Give a synonym of happy.','Why is the sky blue?','How do I boil an egg?'];
const r = await startRealOllama(); if ('missing' in r) throw new Error(r.missing);
const o = createOllama({ host: r.host });
const d = deriveModelfile(trainedTemplate(knownTemplates[0]!)); if (!d.known) throw 1;
for (const ggufPath of ['/tmp/sv/smol-q8_0.gguf', await baseGguf()]) {
await o.create({ name: 'x:v1', ggufPath, modelfile: d.modelfile, contextTokens: 1024 });
const s = createModelServer({ physicalCores: 2, policy: servingPolicy }); await s.load({ path: ggufPath, contextTokens: 1024 });
let eq = 0; const common: number[] = [];
for (const content of qs) {
  let text = ''; for await (const e of s.chat({ messages: [{ role: 'user', content }], maximumTokens: 32 })) if (e.kind === 'delta') text += e.text;
    const res = await fetch(`http://${r.host}/api/chat`, { method: 'POST', body: JSON.stringify({ model: 'x:v1', stream: false, messages: [{ role: 'user', content }], options: { num_predict: 32, temperature: 0, seed: 0, num_thread: 2, repeat_penalty: 1 } }) });
    const b = await res.json() as { message: { content: string } , prompt_eval_count: number}; const t = b.message.content;
    let n = 0; while (n < t.length && t[n] === text[n]) n++; common.push(n);
    if (t.trim() === text.trim()) eq++;
}
console.log('RESULT', ggufPath, eq, common.join(','));
await s.dispose(); }
await r.stop();
