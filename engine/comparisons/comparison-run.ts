import type { ComparedModel, ComparisonView } from '#contract/comparisons.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { conversationFor } from '#core/comparisons/conversation.ts';
import { costAtMost, createBudget, effectiveCapUsd, estimateTokens, type Budget } from '#core/comparisons/cost.ts';
import { isFinished, isMissing, noAnswerYet, type ModelAnswer } from '#core/comparisons/turn-change.ts';
import type { ChatProvider } from '#core/ports/chat-provider.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import { toForgeErrorData } from '../error-data.ts';
import { answerPane } from './answer-pane.ts';
import type { ComparisonSession } from './comparison-session.ts';

/** What a run answers: all that is missing, one turn of it, or one answer. */
export type RunScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'turn'; readonly turn: number }
  | { readonly kind: 'answer'; readonly turn: number; readonly model: number };

export interface RunWorld {
  readonly open: (model: ComparedModel) => Promise<ChatProvider>;
  /** Work on this machine's processor, one piece at a time in the whole engine. */
  readonly onProcessor: <T>(work: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Why a run was ended from outside. */
export type EndReason = 'stopped' | 'interrupted';

export interface ComparisonRun {
  /** Asks for one answer beside whatever runs; false when the run is at its end already. */
  add(turn: number, model: number): boolean;
  end(reason: EndReason): void;
  /** Resolves when nothing runs any more and the state is on disk. */
  readonly ended: Promise<void>;
}

/** Failures in a row after which a model is not asked again in this run: a key that is refused once is refused two thousand times. */
const failuresInARow = 3;

interface RunState {
  readonly session: ComparisonSession;
  readonly world: RunWorld;
  readonly control: AbortController;
  readonly budget: Budget;
  /** By model: how many failed in a row, and the last failure. */
  readonly failures: { count: number; last: ForgeErrorData | null }[];
  isCapped: boolean;
  /** An answer is on the page and not on the disk. */
  isUnwritten: boolean;
  isClosed: boolean;
}

/**
 * Answers what is missing, turn after turn; within a turn clouds at once and models on this machine one after the other.
 * The comparison must say "running" already.
 */
export function startRun(session: ComparisonSession, world: RunWorld, scope: RunScope): ComparisonRun {
  const { settings, countedUsd, models } = session.head();
  const run: RunState = {
    session,
    world,
    control: new AbortController(),
    budget: createBudget(effectiveCapUsd(settings), countedUsd),
    failures: models.map(() => ({ count: 0, last: null })),
    isCapped: false,
    isUnwritten: false,
    isClosed: false,
  };
  const work = new Set<Promise<void>>();
  const add = (task: Promise<void>): void => {
    // A task that throws has met a bug or a full disk: the run ends and says so in the log.
    const guarded = task.catch((error: unknown) => {
      world.logger.error({ comparison: session.head().id, error: String(error) }, 'a comparison could not go on');
      run.control.abort('interrupted');
    });
    work.add(guarded);
  };
  add(begin(run, scope));
  return {
    add: (turn, model) => {
      if (!run.isClosed) add(answerOne(run, turn, model));
      return !run.isClosed;
    },
    end: (reason) => run.control.abort(reason),
    ended: finish(run, work),
  };
}

/** Waits for the work, also for what is added meanwhile, then writes how it ended. */
async function finish(run: RunState, work: Set<Promise<void>>): Promise<void> {
  const { session, world } = run;
  for (let count = 0; count < work.size;) {
    count = work.size;
    await Promise.all(work);
  }
  run.isClosed = true;
  await session
    .setState(endState(run))
    .catch((error: unknown) => world.logger.error({ error: String(error) }, 'a comparison could not be saved'));
}

function endState({ session, control, isCapped, isUnwritten }: RunState): ComparisonView['state'] {
  if (isUnwritten) return 'interrupted';
  if (session.turns().every(isFinished)) return 'done';
  if (isCapped) return 'capped';
  return control.signal.reason === 'interrupted' ? 'interrupted' : 'stopped';
}

function begin(run: RunState, scope: RunScope): Promise<void> {
  if (scope.kind === 'all') return answerAll(run);
  return scope.kind === 'turn' ? answerTurn(run, scope.turn) : answerOne(run, scope.turn, scope.model);
}

async function answerAll(run: RunState): Promise<void> {
  for (let turn = 0; turn < run.session.turns().length; turn += 1) {
    if (run.control.signal.aborted || run.isCapped) return;
    await answerTurn(run, turn);
  }
}

async function answerTurn(run: RunState, turn: number): Promise<void> {
  const { answers } = run.session.turn(turn);
  const missing = answers.flatMap((answer, model) => (isMissing(answer) ? [model] : []));
  await Promise.all(missing.map((model) => answerOne(run, turn, model)));
}

async function answerOne(run: RunState, turn: number, model: number): Promise<void> {
  const { session } = run;
  const entry = session.head().models[model];
  if (entry === undefined || run.control.signal.aborted) return;
  const givenUp = run.failures[model];
  if (givenUp !== undefined && givenUp.count >= failuresInARow && givenUp.last !== null)
    return settle(run, { turn, model }, { ...noAnswerYet, state: 'failed', failure: givenUp.last });
  session.show(turn, model, noAnswerYet);
  if (entry.model.kind === 'cloud') return ask(run, turn, model);
  return onProcessor(run, () => ask(run, turn, model));
}

/** In its turn on this machine's processor; while it waits for that, an end of the run is at once its own. */
function onProcessor({ world, control }: RunState, work: () => Promise<void>): Promise<void> {
  const { signal } = control;
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    const onAbort = (): void => (hasBegun ? undefined : resolve());
    signal.addEventListener('abort', onAbort, { once: true });
    const begin = (): Promise<void> => {
      hasBegun = true;
      return work();
    };
    world
      .onProcessor(begin)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function ask(run: RunState, turn: number, model: number): Promise<void> {
  const { session, world, control, budget } = run;
  const { settings, models, scoring } = session.head();
  const entry = models[model];
  if (entry === undefined || control.signal.aborted) return;
  const messages = conversationFor(session.turns(), { turn, model }, settings.systemPrompt);
  const promptTokens = estimateTokens(messages.map(({ content }) => content));
  const atMostUsd = costAtMost(entry.pricing, promptTokens, settings.maximumTokens);
  if (!budget.reserve(atMostUsd)) {
    run.isCapped = true;
    return;
  }
  session.show(turn, model, { ...noAnswerYet, state: 'streaming' });
  const { answer, countedUsd } = await answerPane({
    open: () => world.open(entry.model),
    prompt: { messages, temperature: settings.temperature, maximumTokens: settings.maximumTokens },
    pricing: entry.pricing,
    scoring,
    expected: session.turn(turn).expected,
    signal: control.signal,
    clock: world.clock,
    logger: world.logger,
    onText: (text) => session.lengthen(turn, model, text),
  });
  budget.settle(atMostUsd, countedUsd);
  session.spend(budget.spentUsd());
  await settle(run, { turn, model }, answer);
}

async function settle(run: RunState, place: { turn: number; model: number }, answer: ModelAnswer): Promise<void> {
  const { session, failures, world } = run;
  const count = failures[place.model];
  if (count !== undefined && answer.state === 'done') count.count = 0;
  if (count !== undefined && answer.state === 'failed') {
    count.count += 1;
    count.last = answer.failure;
  }
  try {
    await session.change([{ kind: 'answered', ...place, answer }]);
  } catch (error) {
    // On the disk it is missing, and it will be asked for again; until then the page keeps what came, and says what was in the way.
    run.isUnwritten = true;
    const failure = toForgeErrorData(error, world.logger);
    session.show(place.turn, place.model, { ...answer, state: 'failed', failure });
    throw error;
  }
}
