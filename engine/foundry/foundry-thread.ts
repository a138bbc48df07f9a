/** Does one job of the foundry beside the engine's own thread. Started by `thread-run.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { ForgeError } from '#contract/errors.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { createVersionStore } from '#native-bridge/datasets/store/create-version-store.ts';
import { expectedFrom } from '../error-data.ts';
import { askForTokens } from './counting-tokens.ts';
import { jobKinds } from './job-kinds.ts';
import { wishes, type JobProgress, type ThreadData, type ThreadMessage } from './job-protocol.ts';
import { rowTexts } from './row-texts-port.ts';
import { WorkStopped, type WorkContext } from './work-context.ts';

const reportPauseMs = 200;
/** Work that waits, for a disk or another thread, looks at its signal: what is wished has to reach it meanwhile. */
const wishEveryMs = 100;

function contextOf({ task, folders, control }: ThreadData, send: (message: ThreadMessage) => void) {
  const wished = new Int32Array(control);
  const stopping = new AbortController();
  let reportedMs = -Infinity;
  let waiting: JobProgress | null = null;
  const wish = (): ReturnType<WorkContext['wish']> => {
    const value = Atomics.load(wished, 0);
    if (value !== wishes.goOn && !stopping.signal.aborted) stopping.abort(new WorkStopped());
    return value === wishes.goOn ? 'go-on' : value === wishes.pause ? 'pause' : 'cancel';
  };
  setInterval(wish, wishEveryMs).unref();
  const context: WorkContext = {
    folder: task.folder,
    folders,
    store: createVersionStore({ folders, nowMs: () => Date.now(), logger: silentLogger }),
    texts: rowTexts,
    startedAt: task.startedAt,
    signal: stopping.signal,
    wish,
    countTokens: askForTokens(parentPort, send),
    breathe: async () => {
      if (wish() !== 'go-on') throw new WorkStopped();
      await new Promise((resolve) => setImmediate(resolve));
    },
    report(progress: JobProgress) {
      const nowMs = performance.now();
      waiting = nowMs - reportedMs < reportPauseMs ? progress : null;
      if (waiting !== null) return;
      reportedMs = nowMs;
      send({ kind: 'progress', progress });
    },
  };
  const flush = (): void => {
    if (waiting !== null) send({ kind: 'progress', progress: waiting });
  };
  /** What waits for a disk says in its own words that it was broken off. */
  const isStopped = (error: unknown): boolean =>
    error instanceof WorkStopped || (stopping.signal.aborted && error instanceof Error && error.name === 'AbortError');
  return { context, flush, isStopped };
}

/** SQLite has a code of its own for a full disk. */
function knownError(error: unknown): ForgeError | null {
  const isFull = (error as { code?: unknown } | null)?.code === 'SQLITE_FULL';
  return expectedFrom(isFull ? Object.assign(new Error('disk full'), { code: 'ENOSPC' }) : error);
}

async function run(data: ThreadData): Promise<void> {
  const send = (message: ThreadMessage): void => parentPort?.postMessage(message);
  const { context, flush, isStopped } = contextOf(data, send);
  try {
    const load = jobKinds[data.task.kind];
    if (load === undefined) throw new Error(`there is no work of kind ${data.task.kind}`);
    const work = await load();
    const result = await work(data.task.request, context);
    flush();
    send({ kind: 'done', result });
  } catch (error) {
    const known = knownError(error);
    if (isStopped(error)) send({ kind: 'stopped' });
    else if (known !== null) send({ kind: 'refused', code: known.code, detail: known.detail });
    else send({ kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

void run(workerData as ThreadData);
