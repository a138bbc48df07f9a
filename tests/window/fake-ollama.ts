import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeOllama {
  /** For OLLAMA_HOST. */
  readonly host: string;
  close(): Promise<void>;
}

/** An Ollama on this machine with one model: says its version, lists the model and streams an answer in its own format. */
export async function startFakeOllama(model: string, answer: (prompt: string) => string): Promise<FakeOllama> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const send = (body: unknown): void =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (path === '/api/version') return send({ version: '0.17.4' });
    if (path === '/api/tags')
      return send({ models: [{ name: model, model, digest: 'd'.repeat(64), size: 1_000_000 }] });
    if (path !== '/api/chat') return void response.writeHead(404).end();
    void text(request).then((body) => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      response.setHeader('content-type', 'application/x-ndjson');
      const part = (content: string, more: object): string =>
        `${JSON.stringify({ model, created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content }, ...more })}\n`;
      for (const word of answer(messages.at(-1)?.content ?? '').split(/(?<= )/))
        response.write(part(word, { done: false }));
      response.end(part('', { done: true, done_reason: 'stop', prompt_eval_count: 5, eval_count: 4 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
