/** Answers pages of dataset versions beside the engine's own thread, so that a search through gigabytes delays nobody. Started by `pages-client.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { ForgeError } from '#contract/errors.ts';
import type { StoreFolders } from '#native-bridge/datasets/store/store-places.ts';
import { createVersionPages } from '#native-bridge/datasets/store/version-pages.ts';
import type { PagesAnswer, PagesQuestion } from './pages-protocol.ts';
import { rowTexts } from './row-texts-port.ts';

const pages = createVersionPages(workerData as StoreFolders, rowTexts);
const running = new Map<number, AbortController>();

async function ask({ id, version, question }: Extract<PagesQuestion, { kind: 'ask' }>): Promise<unknown> {
  if (question.kind === 'row') return pages.row(version, question.id);
  if (question.kind === 'rows-at') return pages.rowsAt(version, question.places);
  if (question.kind === 'rejects') return pages.rejects(version, question);
  const stopping = new AbortController();
  running.set(id, stopping);
  return pages.page(version, question.request, stopping.signal).finally(() => running.delete(id));
}

async function answer(question: Extract<PagesQuestion, { kind: 'ask' }>): Promise<PagesAnswer> {
  const { id } = question;
  try {
    return { id, kind: 'answered', value: await ask(question) };
  } catch (error) {
    if (error instanceof ForgeError) return { id, kind: 'refused', code: error.code, detail: error.detail };
    return { id, kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (question: PagesQuestion) => {
  if (question.kind === 'cancel') running.get(question.id)?.abort(new Error('nobody waits for the answer'));
  else void answer(question).then((given) => parentPort?.postMessage(given));
});
