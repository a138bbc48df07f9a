import { servingPolicy } from '#core/serving/queue-policy.ts';
import { createModelServer } from './model-server.ts';
import { baseGguf } from '../../tests/fixtures/base-gguf.ts';
const server = createModelServer({ physicalCores: 2, policy: servingPolicy });
await server.load({ path: await baseGguf(), contextTokens: 2048 });
const run = async (content: string) => { let t=''; for await (const e of server.chat({ messages: [{ role: 'user', content }], maximumTokens: 150 })) if (e.kind==='delta') t+=e.text; return t; };
const qs = ['Write a long story about a lighthouse!', 'Explain how a steam engine works in detail.', 'List ten animals with a sentence about each.', 'lorem ipsum dolor sit amet '.repeat(60)+' Continue.'];
for (const q of qs) { await server.setThreads(1); const a = await run(q); await server.setThreads(2); const b = await run(q); console.log(a===b, a.length); }
await server.dispose();
