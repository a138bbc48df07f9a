import { randomBytes, randomInt } from 'node:crypto';
import type {
  ComparisonEvent,
  ComparisonRequest,
  ComparisonTurn,
  ComparisonView,
  CostEstimate,
} from '#contract/comparisons.ts';
import { comparisonRequest } from '#contract/comparisons.ts';
import { ForgeError } from '#contract/errors.ts';
import type { ComparedEntry } from '#core/comparisons/compared-entry.ts';
import { paneOrder } from '#core/comparisons/pane-order.ts';
import { foldTurns, isMissing, type AskedTurn } from '#core/comparisons/turn-change.ts';
import { summariseTurns } from '#core/comparisons/comparison-summary.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import type { z } from 'zod';
import type { BuildStore } from '../main-job/build-store.ts';
import { oneByOne } from '../one-by-one.ts';
import type { ComparisonModels } from './comparison-models.ts';
import { readPrompts, type ReadPrompts, type SetPrompt } from './comparison-prompts.ts';
import { viewOfHead, type ComparisonSession } from './comparison-session.ts';
import type { ComparisonHead, ComparisonStore } from './comparison-store.ts';
import { estimateCost, refuseTooDear } from './estimate-cost.ts';
import { createTurnActions, type TurnActions } from './turn-actions.ts';
import type { KeptRows } from './kept-rows.ts';
import { createSessions, type Sessions } from './open-sessions.ts';
import { createRuns, type Runs } from './running-comparisons.ts';

/** Comparisons of models, side by side. */
export interface ComparisonService extends TurnActions {
  estimate(request: ComparisonRequest): Promise<CostEstimate>;
  start(request: ComparisonRequest, requestId: string): Promise<ComparisonView>;
  ask(id: string, prompt: string, requestId: string): Promise<ComparisonView>;
  list(): Promise<ComparisonView[]>;
  get(id: string): Promise<ComparisonView>;
  turns(id: string, page: { offset: number; limit: number }): Promise<{ total: number; turns: ComparisonTurn[] }>;
  watch(id: string, signal: AbortSignal): AsyncGenerator<ComparisonEvent>;
  stop(id: string): Promise<ComparisonView>;
  resume(id: string): Promise<ComparisonView>;
  retry(id: string, place: { turn: number; pane: number }, requestId: string): Promise<ComparisonTurn>;
  remove(id: string): Promise<{ removed: boolean }>;
  /** Ends what runs; it can be resumed in the next engine. */
  dispose(): Promise<void>;
}

export interface ComparisonServiceOptions {
  readonly store: ComparisonStore;
  readonly models: ComparisonModels;
  readonly builds: Pick<BuildStore, 'list' | 'directory'>;
  readonly keptRows: KeptRows;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Draws the seed of a comparison's shuffling; a test may fix it. */
  readonly newSeed?: () => number;
}

type ParsedRequest = z.output<typeof comparisonRequest>;

const titleCharacters = 80;

export function createComparisonService(options: ComparisonServiceOptions): ComparisonService {
  const runs = createRuns(options);
  const sessions = createSessions({ ...options, isBusy: runs.isBusy });
  const prepare = async (request: ParsedRequest): Promise<Prepared> => {
    const entries = await checkModels(request, options.models);
    const { prompts, scoring } = await readPrompts(request.prompts, options.builds);
    return { entries, prompts, scoring };
  };
  const estimate = async (given: ComparisonRequest): Promise<CostEstimate> => {
    const request = comparisonRequest.parse(given);
    return estimateOf(request, await prepare(request), options.store);
  };
  return {
    ...createTurnActions({ session: sessions.open, keptRows: options.keptRows }),
    ...createBeginnings(options, { sessions, runs, prepare }),
    ...createReadings(options.store, sessions),
    estimate,
    async stop(id) {
      const session = await sessions.open(id);
      await runs.end(id, 'stopped');
      return session.view();
    },
    async remove(id) {
      await runs.end(id, 'stopped');
      sessions.close(id);
      return { removed: await options.store.remove(id) };
    },
    dispose: () => runs.endAll(),
  };
}

interface Parts {
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly prepare: (request: ParsedRequest) => Promise<Prepared>;
}

/** What sends prompts to models. One call after the other, so that a request sent twice finds what the first one did. */
function createBeginnings(
  options: ComparisonServiceOptions,
  { sessions, runs, prepare }: Parts,
): Pick<ComparisonService, 'start' | 'ask' | 'resume' | 'retry'> {
  const { store } = options;
  const inTurn = oneByOne();
  const retried = new Set<string>();
  return {
    start: (given, requestId) =>
      inTurn(async () => {
        const known = (await store.list()).find((head) => head.requestId === requestId);
        if (known !== undefined) return (await sessions.open(known.id)).view();
        const request = comparisonRequest.parse(given);
        const prepared = await prepare(request);
        const { settings } = request;
        refuseTooDear(await estimateOf(request, prepared, store), { models: prepared.entries, settings });
        const created = newComparison(request, { ...prepared, requestId }, options);
        await store.create(created.head, created.changes);
        return runs.launch(await sessions.open(created.head.id), { kind: 'all' });
      }),
    ask: (id, prompt, requestId) =>
      inTurn(async () => {
        const session = await sessions.open(id);
        if (session.turns().some((turn) => turn.requestId === requestId)) return session.view();
        if (!(await runs.isIdle(session))) throw new ForgeError('comparison.running');
        const next = nextTurn(session, prompt.toWellFormed(), requestId);
        // Only this prompt: what was stopped before stays so until it is resumed.
        return runs.launch(session, { kind: 'turn', turn: next.turn }, () => session.change([next]));
      }),
    resume: (id) =>
      inTurn(async () => {
        const session = await sessions.open(id);
        if (!(await runs.isIdle(session))) return session.view();
        const isComplete = !session.turns().some(({ answers }) => answers.some(isMissing));
        return isComplete ? session.view() : runs.launch(session, { kind: 'all' });
      }),
    retry: (id, { turn, pane }, requestId) =>
      inTurn(async () => {
        const session = await sessions.open(id);
        const model = session.modelAt(turn, pane);
        const isUnderWay = session.turn(turn).answers[model]?.state === 'streaming';
        const mark = `${id} ${requestId}`;
        if (retried.has(mark) || isUnderWay) return session.viewTurn(turn);
        retried.add(mark);
        await session.change([{ kind: 'reopened', turn, model }]);
        await runs.addOrLaunch(session, { turn, model });
        return session.viewTurn(turn);
      }),
  };
}

function createReadings(
  store: ComparisonStore,
  sessions: Sessions,
): Pick<ComparisonService, 'list' | 'get' | 'turns' | 'watch'> {
  return {
    async list() {
      const heads = await store.list();
      return heads.map((head) => sessions.opened(head.id)?.view() ?? asInterrupted(viewOfHead(head)));
    },
    get: async (id) => (await sessions.open(id)).view(),
    async turns(id, { offset, limit }) {
      const session = await sessions.open(id);
      const all = session.turns();
      return { total: all.length, turns: all.slice(offset, offset + limit).map(({ turn }) => session.viewTurn(turn)) };
    },
    async *watch(id, signal) {
      yield* (await sessions.open(id)).watch(signal);
    },
  };
}

async function estimateOf(
  { settings }: ParsedRequest,
  { entries, prompts }: Prepared,
  store: ComparisonStore,
): Promise<CostEstimate> {
  return estimateCost({ models: entries, prompts, settings, earlier: await store.list() });
}

/** One more prompt, as the conversation goes on. */
function nextTurn(session: ComparisonSession, prompt: string, requestId: string): AskedTurn {
  const { settings, models, seed } = session.head();
  const turn = session.turns().length;
  const order = paneOrder({ models: models.length, blind: settings.blind, seed, turn });
  const follows = turn === 0 ? null : turn - 1;
  return { kind: 'asked', turn, prompt, context: [], expected: null, order, follows, requestId };
}

interface Prepared extends ReadPrompts {
  readonly entries: readonly ComparedEntry[];
}

function asInterrupted(view: ComparisonView): ComparisonView {
  return view.state === 'running' ? { ...view, state: 'interrupted' } : view;
}

/** Every model must be able to answer now, and none may stand against itself. */
async function checkModels(request: ParsedRequest, models: ComparisonModels): Promise<ComparedEntry[]> {
  const entries = await Promise.all(request.models.map((model) => models.check(model)));
  const labels = new Set<string>();
  for (const { label } of entries) {
    if (labels.has(label)) throw new ForgeError('comparison.same-model-twice', { label });
    labels.add(label);
  }
  return entries;
}

function newComparison(
  request: ParsedRequest,
  { entries, prompts, scoring, requestId }: Prepared & { requestId: string },
  { clock, newSeed = () => randomInt(2 ** 32) }: ComparisonServiceOptions,
): { head: ComparisonHead; changes: AskedTurn[] } {
  const { settings } = request;
  const seed = newSeed();
  const now = clock.nowMs();
  const changes = prompts.map(({ prompt, context, expected }: SetPrompt, turn): AskedTurn => ({
    kind: 'asked',
    turn,
    prompt: prompt.toWellFormed(),
    context: [...context],
    expected,
    order: paneOrder({ models: entries.length, blind: settings.blind, seed, turn }),
    follows: null,
    requestId: null,
  }));
  const models = [...entries];
  const head: ComparisonHead = {
    v: 1,
    id: `c-${now.toString(36)}-${randomBytes(4).toString('hex')}`,
    title: request.title ?? titleOf(prompts),
    createdAt: now,
    updatedAt: now,
    state: 'running',
    settings,
    models,
    scoring,
    seed,
    requestId,
    countedUsd: 0,
    summary: { ...summariseTurns(foldTurns(changes), { models, blind: settings.blind }), spentUsd: 0 },
    answerMs: entries.map(() => null),
  };
  return { head, changes };
}

/** The first prompt's first words; a set says how many there are. */
function titleOf(prompts: readonly SetPrompt[]): string {
  const line = (prompts[0]?.prompt ?? '').replace(/\s+/g, ' ').trim();
  const short = line.length > titleCharacters ? `${line.slice(0, titleCharacters - 1).trimEnd()}…` : line;
  return prompts.length === 1 ? short.toWellFormed() : `${prompts.length} prompts: ${short.toWellFormed()}`;
}
