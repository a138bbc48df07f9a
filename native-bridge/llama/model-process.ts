/** The model process: one GGUF file in llama.cpp, driven by messages of its parent (`model-protocol.ts`). Started by `model-server.ts`. */
import type { Llama } from 'node-llama-cpp';
import { answerConversation } from './conversation.ts';
import { encodeRow, type RowEncoding } from './encode-row.ts';
import { loadLlama, startLlama, type LlamaInUse } from './loaded-llama.ts';
import {
  ModelFailure,
  type FromModelProcess,
  type LoadOrder,
  type RepeatableRequest,
  type ToModelProcess,
} from './model-protocol.ts';
import { openRowEncoding } from './row-encoding.ts';
import { scoreAnswer } from './score-answer.ts';
import { SequencePool } from './sequence-pool.ts';

let llama: Llama | null = null;
let rows: RowEncoding | null = null;
let inUse: { readonly loaded: LlamaInUse; readonly pool: SequencePool } | null = null;
const cancelled = new Set<number>();
const running = new Set<number>();

function send(message: FromModelProcess): void {
  // A parent that is gone needs no answer; 'disconnect' below ends this process.
  if (process.connected) process.send?.(message);
}

function needed(): NonNullable<typeof inUse> {
  if (!inUse) throw new ModelFailure('serving.nothing-loaded');
  return inUse;
}

async function load(id: number, order: LoadOrder): Promise<void> {
  llama ??= await startLlama(order);
  const loaded = await loadLlama(llama, order);
  inUse = { loaded, pool: new SequencePool(loaded.context) };
  send({ kind: 'load-done', id, model: loaded.view });
}

async function chat(id: number, request: RepeatableRequest): Promise<void> {
  running.add(id);
  try {
    const result = await answerConversation({
      ...needed(),
      request,
      onText: (text) => send({ kind: 'chat-delta', id, text }),
      isCancelled: () => cancelled.has(id),
    });
    send({ kind: 'chat-done', id, ...result });
  } finally {
    running.delete(id);
    cancelled.delete(id);
  }
}

async function handle(message: ToModelProcess): Promise<void> {
  switch (message.kind) {
    case 'load':
      return load(message.id, message.model);
    case 'chat':
      return chat(message.id, message.request);
    case 'cancel':
      if (running.has(message.id)) cancelled.add(message.id);
      return;
    case 'render': {
      const { text, tokens, contentGuard } = needed().loaded.promptTokens(message.messages);
      return send({ kind: 'render-done', id: message.id, prompt: { text, tokens, contentGuard } });
    }
    case 'score': {
      const scores = await scoreAnswer({ ...needed(), messages: message.messages, answer: message.answer });
      return send({ kind: 'score-done', id: message.id, scores });
    }
    case 'tokenise': {
      const tokens = needed().loaded.vocabulary.tokenise(message.text, false);
      return send({ kind: 'tokenise-done', id: message.id, tokens });
    }
    case 'open-rows':
      rows = await openRowEncoding(message.source, async () => {
        llama ??= await startLlama({ gpu: false, physicalCores: 1 });
        return llama;
      });
      return send({ kind: 'open-rows-done', id: message.id });
    case 'encode-row': {
      if (rows === null) throw new ModelFailure('serving.nothing-loaded');
      return send({ kind: 'encode-row-done', id: message.id, row: encodeRow(rows, message.messages) });
    }
    case 'count-tokens': {
      const vocabulary = rows?.vocabulary ?? null;
      if (vocabulary === null) throw new ModelFailure('serving.nothing-loaded');
      const counts = message.texts.map((text) => vocabulary.tokenise(text).length);
      return send({ kind: 'count-tokens-done', id: message.id, counts });
    }
    case 'threads':
      needed().loaded.threads = message.threads;
      return send({ kind: 'threads-done', id: message.id });
  }
}

process.on('message', (message: ToModelProcess) => {
  handle(message).catch((failure: unknown) => {
    if (!(failure instanceof ModelFailure)) throw failure; // a bug: ends the process, the parent sees the crash
    send({ kind: 'failed', id: message.id, code: failure.code, detail: failure.detail });
  });
});
process.on('disconnect', () => process.exit(0));
send({ kind: 'ready' });
