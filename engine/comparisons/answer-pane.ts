import type { ScoringSpec } from '#contract/evaluation.ts';
import type { ChatUsage } from '#contract/serving.ts';
import { costOfAnswer, estimateTokens, type Pricing } from '#core/comparisons/cost.ts';
import { noAnswerYet, type ModelAnswer } from '#core/comparisons/turn-change.ts';
import { scoreAnswer } from '#core/evaluation/score-answer.ts';
import type { ChatPrompt, ChatProvider } from '#core/ports/chat-provider.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Logger } from '#core/ports/logger.ts';
import { toForgeErrorData } from '../error-data.ts';

/** Pieces are put together for this long: at most 20 changes a second reach a window. */
const coalesceMs = 50;

export interface PaneToAnswer {
  /** Opening may fail as answering may: a key taken away, an Ollama that ended. */
  readonly open: () => Promise<ChatProvider>;
  readonly prompt: ChatPrompt;
  readonly pricing: Pricing;
  readonly scoring: ScoringSpec | null;
  readonly expected: string | null;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onText: (text: string) => void;
}

export interface PaneOutcome {
  readonly answer: ModelAnswer;
  /** What counts against the limit. */
  readonly countedUsd: number;
}

interface Progress {
  text: string;
  usage: ChatUsage | null;
  firstTokenMs: number | null;
  /** As the model's own process measured it; null where it does not. */
  totalMs: number | null;
  hasAsked: boolean;
}

/** One answer of one model. Never rejects: a failure is an outcome, and other panes have nothing to do with it. */
export async function answerPane(pane: PaneToAnswer): Promise<PaneOutcome> {
  const { clock, signal } = pane;
  let startedMs = clock.monotonicMs();
  const progress: Progress = { text: '', usage: null, firstTokenMs: null, totalMs: null, hasAsked: false };
  const texts = coalesced(pane.onText, clock);
  let failure: ModelAnswer['failure'] = null;
  try {
    const provider = await pane.open();
    progress.hasAsked = true;
    // Finding and opening a model is Forge's time, not the model's.
    startedMs = clock.monotonicMs();
    for await (const piece of provider.chat(pane.prompt, signal)) {
      if (piece.kind === 'done') {
        progress.usage = piece.usage;
        progress.firstTokenMs = piece.timing?.firstTokenMs ?? progress.firstTokenMs;
        progress.totalMs = piece.timing?.totalMs ?? null;
      } else {
        progress.firstTokenMs ??= clock.monotonicMs() - startedMs;
        progress.text += piece.text;
        texts.add(piece.text);
      }
    }
  } catch (error) {
    if (!signal.aborted) failure = toForgeErrorData(error, pane.logger);
  }
  texts.flush();
  const state = signal.aborted ? 'stopped' : failure === null ? 'done' : 'failed';
  const totalMs = progress.totalMs ?? clock.monotonicMs() - startedMs;
  return outcomeOf(pane, progress, { state, failure, totalMs });
}

function outcomeOf(
  { prompt, pricing, scoring, expected }: PaneToAnswer,
  { text, usage, firstTokenMs, hasAsked }: Progress,
  end: Pick<ModelAnswer, 'failure'> & { state: 'done' | 'failed' | 'stopped'; totalMs: number },
): PaneOutcome {
  const completionTokens = usage?.completionTokens ?? estimateTokens(text === '' ? [] : [text]);
  const promptTokens = usage?.promptTokens ?? estimateTokens(prompt.messages.map(({ content }) => content));
  // A refusal before the first word is not billed; an answer that broke off is.
  const isBilled = hasAsked && (end.state === 'done' || text !== '');
  const tokens = isBilled ? { promptTokens, completionTokens } : { promptTokens: 0, completionTokens: 0 };
  const { shownUsd, countedUsd } = costOfAnswer(pricing, tokens);
  const afterFirstMs = end.totalMs - (firstTokenMs ?? end.totalMs);
  const isScored = end.state === 'done' && scoring !== null && expected !== null;
  const answer: ModelAnswer = {
    ...noAnswerYet,
    ...end,
    text: text.toWellFormed(),
    usage,
    firstTokenMs: firstTokenMs === null ? null : Math.round(firstTokenMs),
    totalMs: Math.round(end.totalMs),
    tokensPerSecond:
      usage !== null && completionTokens > 1 && afterFirstMs > 0
        ? ((completionTokens - 1) * 1000) / afterFirstMs
        : null,
    costUsd: shownUsd,
    points: isScored ? scoreAnswer(scoring, text, expected).points : null,
  };
  return { answer, countedUsd };
}

/** Passes texts on in one piece every 50 ms at most, in order; `flush` gives what is left. */
function coalesced(send: (text: string) => void, clock: Clock): { add(text: string): void; flush(): void } {
  let waiting = '';
  let timer: { cancel(): void } | null = null;
  const flush = (): void => {
    timer?.cancel();
    timer = null;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    send(text);
  };
  return {
    add(text) {
      waiting += text;
      timer ??= clock.after(coalesceMs, flush);
    },
    flush,
  };
}
