import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { askOllama, askOpenAi, type Question } from './timed-answer.ts';

const question: Question = { model: 'support:v1', messages: [{ role: 'user', content: 'Why?' }], maximumTokens: 8 };

/** Sends pieces with a pause between them, cut where a reader must not expect a cut. */
async function withServer(pieces: readonly string[], work: (host: string) => Promise<void>): Promise<void> {
  const answer = async (response: ServerResponse): Promise<void> => {
    for (const piece of pieces) {
      response.write(piece);
      await sleep(30);
    }
    response.end();
  };
  const server = createServer((_request, response) => void answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an answer of an OpenAI server is timed at its first text, also when a line comes in two pieces', async () => {
  const pieces = [
    'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n',
    'data: {"choices":[{"delta":{"con',
    'tent":"Be"}}]}\n\ndata: {"choices":[{"delta":{"content":"cause"}}]}\n\n',
    'data: {"choices":[],"usage":{"completion_tokens":3}}\n\ndata: [DONE]\n\n',
  ];
  await withServer(pieces, async (host) => {
    const { text, tokens, firstTextMs, totalMs } = await askOpenAi(`http://${host}/v1`, question);
    assert.deepEqual([text, tokens], ['Because', 3]);
    assert.ok(firstTextMs >= 50 && firstTextMs < totalMs, `${firstTextMs} of ${totalMs}`);
  });
});

test('an answer of Ollama is read line by line with its own count of tokens', async () => {
  const pieces = [
    '{"message":{"content":"Be"},"done":false}\n',
    '{"message":{"content":"cause"},"done":false}\n{"message":{"content":""},"done":true,"eval_count":3}\n',
  ];
  await withServer(pieces, async (host) => {
    const { text, tokens } = await askOllama(host, 1, question);
    assert.deepEqual([text, tokens], ['Because', 3]);
  });
});

test('an error inside a stream is an error, not a short answer', async () => {
  await withServer(['data: {"error":{"message":"the model process ended"}}\n\n'], async (host) => {
    await assert.rejects(askOpenAi(`http://${host}/v1`, question), /the model process ended/);
  });
});
