import { servingPolicy } from '#core/serving/queue-policy.ts';
import { createModelServer } from './model-server.ts';
import { baseGguf } from '../../tests/fixtures/base-gguf.ts';
const server = createModelServer({ physicalCores: 2, policy: servingPolicy, maximumSequences: 4 });
let t = performance.now();
const m = await server.load({ path: await baseGguf(), contextTokens: 1024 });
console.log('load total ms', Math.round(performance.now() - t), 'in child', m.loadMs);
const sys = 'You sort support tickets for a small software company. Read the ticket and answer with one JSON object that has exactly three fields: product, queue and urgency. Product is one of desk, mail, drive or phone. Queue is one of billing, technical, account or sales. Urgency is one of low, normal or high. Write nothing before or after the JSON object, and never add another field.';
const one = async (i: number, extra = {}) => { let n = 0, ttft = 0, cached = 0, prompt=0; for await (const e of server.chat({ messages: [{ role: 'system', content: sys }, { role: 'user', content: `Ticket ${i}: since the update number ${i} my phone does not ring any more, and three customers of region ${i * 7} have called twice already. Please help before noon.` }], maximumTokens: 60, stopWhenJsonCloses: true, ...extra })) if (e.kind === 'done') { n = e.usage.completionTokens; ttft = e.firstTokenMs; cached = e.usage.cachedPromptTokens; prompt=e.usage.promptTokens } return { n, ttft, cached, prompt }; };
await one(0);
for (const [label, extra] of [['greedy', {}], ['sampled', { temperature: 0.8 }]] as const)
for (const c of [1, 2, 4]) {
  t = performance.now(); let next = 1; const all: Awaited<ReturnType<typeof one>>[] = [];
  await Promise.all(Array.from({ length: c }, async () => { while (next <= 24) all.push(await one(next++, extra)); }));
  const ms = performance.now() - t; const toks = all.reduce((s, x) => s + x.n, 0);
  console.log(label, 'concurrency', c, 'ms/request', Math.round(ms / 24), 'tok/s', Math.round(toks / ms * 1000), 'mean ttft', Math.round(all.reduce((s, x) => s + x.ttft, 0) / 24), 'tokens', toks, 'cached', all.at(-1)?.cached, 'of', all.at(-1)?.prompt);
}
t = performance.now(); const { done } = await (async () => { let done; for await (const e of server.chat({ messages: [{ role: 'user', content: 'Write a long story about a lighthouse.' }], maximumTokens: 200 })) if (e.kind === 'done') done = e; return { done }; })();
if (done) console.log('decode', done.usage, 'tok/s', (done.usage.completionTokens - 1) / (done.totalMs - done.firstTokenMs) * 1000, 'ttft', done.firstTokenMs);
await server.setThreads(1);
for await (const e of server.chat({ messages: [{ role: 'user', content: 'Write a long story about a lighthouse!' }], maximumTokens: 100 })) if (e.kind === 'done') console.log('1 thread tok/s', (e.usage.completionTokens - 1) / (e.totalMs - e.firstTokenMs) * 1000);
await server.dispose();
