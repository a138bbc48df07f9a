import type { MessagePort } from 'node:worker_threads';
import { ForgeError } from '#contract/errors.ts';
import { expectedFrom } from '../error-data.ts';
import type { CountedTokens, CountTokens, ThreadMessage } from './job-protocol.ts';

/** In the thread: asks for tokens, and waits for the answer. */
export function askForTokens(port: MessagePort | null, send: (message: ThreadMessage) => void): CountTokens {
  const waiting = new Map<number, PromiseWithResolvers<readonly number[]>>();
  let last = 0;
  const listen = (answer: CountedTokens): void => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    // A port that is listened to keeps its thread alive; between questions nothing is to come.
    if (waiting.size === 0) port?.off('message', listen);
    if ('counts' in answer) asked?.resolve(answer.counts);
    else asked?.reject(new ForgeError(answer.code, answer.detail));
  };
  return (file, texts) => {
    last += 1;
    const asked = Promise.withResolvers<readonly number[]>();
    if (waiting.size === 0) port?.on('message', listen);
    waiting.set(last, asked);
    send({ kind: 'count-tokens', id: last, file, texts });
    return asked.promise;
  };
}

/** Beside the thread: answers one question. Bugs are thrown. */
export async function answerWithTokens(
  { id, file, texts }: Extract<ThreadMessage, { kind: 'count-tokens' }>,
  count: CountTokens,
): Promise<CountedTokens> {
  try {
    return { id, counts: await count(file, texts) };
  } catch (error) {
    const known = expectedFrom(error);
    if (known === null) throw error;
    return { id, code: known.code, detail: known.detail };
  }
}
