import { stat } from 'node:fs/promises';
import { ForgeError } from '#contract/errors.ts';
import type { RowSource, RowTokeniser, TokenCounter } from '#core/ports/row-tokeniser.ts';
import { readGgufHeader } from './gguf-header.ts';
import { forkModelProcess, ModelLink, type StartModelProcess } from './model-link.ts';
import { untilAborted } from './until-aborted.ts';

export interface RowTokeniserOptions {
  readonly startProcess?: StartModelProcess;
  /** The process is ended after this long without work. */
  readonly idleMs?: number;
  /** A row that takes longer hangs (a template can loop for ever); its process is ended. */
  readonly reactionMs?: number;
}

const usualIdleMs = 60_000;
const usualReactionMs = 20_000;

interface Open {
  readonly key: string;
  readonly link: ModelLink;
}

/** Rows as a base model sees them, made by a model process that holds a vocabulary and no weights. One at a time; it ends when nobody asks. */
export function createRowTokeniser(options: RowTokeniserOptions = {}): RowTokeniser & TokenCounter {
  const { startProcess = forkModelProcess, idleMs = usualIdleMs, reactionMs = usualReactionMs } = options;
  let open: Open | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | null = null;
  let isDisposed = false;

  const close = async (): Promise<void> => {
    const closing = open;
    open = null;
    if (closing?.link.alive === true) await closing.link.close();
  };
  const rest = (): void => {
    if (idle !== null) clearTimeout(idle);
    idle = isDisposed ? null : setTimeout(() => void inTurn(close), idleMs);
    idle?.unref();
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    // The next in turn starts whatever happened to this one; its caller gets the failure through `result`.
    turn = result.catch(() => undefined);
    return result;
  };
  const ready = async (source: RowSource): Promise<ModelLink> => {
    const key = await keyOf(source);
    if (open?.key === key && open.link.alive) return open.link;
    await close();
    const link = new ModelLink(startProcess);
    open = { key, link };
    try {
      await within(link, reactionMs, { kind: 'open-rows', source });
    } catch (failure) {
      await close();
      throw failure;
    }
    return link;
  };
  const ask: Ask = (source, signal, work) =>
    untilAborted(
      inTurn(async () => {
        if (isDisposed || signal?.aborted === true) throw new ForgeError('serving.cancelled');
        return work(await ready(source));
      }).finally(rest),
      signal,
    );
  return {
    ...asking(ask, reactionMs),
    async dispose() {
      isDisposed = true;
      if (idle !== null) clearTimeout(idle);
      await close();
    },
  };
}

/** Does work with the process that holds a source, when its turn has come. */
type Ask = <T>(source: RowSource, signal: AbortSignal | undefined, work: (link: ModelLink) => Promise<T>) => Promise<T>;

function asking(ask: Ask, reactionMs: number): Omit<RowTokeniser, 'dispose'> & TokenCounter {
  return {
    encode: (source, messages, signal) =>
      ask(source, signal, async (link) => {
        const answer = await within(link, reactionMs, { kind: 'encode-row', messages });
        if (answer.kind !== 'encode-row-done') throw new Error(`Unexpected answer ${answer.kind}`);
        return answer.row;
      }),
    count: (source, texts, signal) =>
      ask(source, signal, async (link) => {
        const answer = await within(link, reactionMs, { kind: 'count-tokens', texts });
        if (answer.kind !== 'count-tokens-done') throw new Error(`Unexpected answer ${answer.kind}`);
        return answer.counts;
      }),
  };
}

async function keyOf(source: RowSource): Promise<string> {
  if (source.kind === 'template') return JSON.stringify([source.path, source.template, source.bosText, source.eosText]);
  const { sizeBytes } = await readGgufHeader(source.path);
  return JSON.stringify([source.path, sizeBytes, (await stat(source.path)).mtimeMs]);
}

async function within(link: ModelLink, reactionMs: number, message: Parameters<ModelLink['call']>[0]) {
  const timer = setTimeout(() => link.kill(), reactionMs);
  try {
    return await link.call(message).answer;
  } finally {
    clearTimeout(timer);
  }
}
