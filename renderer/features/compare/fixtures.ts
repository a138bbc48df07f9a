import type {
  ComparableModel,
  ComparedAnswer,
  ComparedModel,
  ComparisonTurn,
  ComparisonView,
} from '#contract/comparisons.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import type { ProviderView } from '#contract/providers.ts';
import { comparisonSettings } from '#contract/comparisons.ts';
import type { ComparisonState } from './comparison-store.ts';
import { applyTurns, noTurns } from './comparison-turns.ts';
import { createLiveTexts } from './live-texts.ts';
import type { CompareViewProps } from './views/compare-props.ts';
import { emptyDraft } from './comparison-draft.ts';

/** Always as long ago, so that pictures do not change. */
const moment = Date.now() - 5 * 60_000;

export const tuned: ComparedModel = { kind: 'local', model: 'support:v3' };
export const base: ComparedModel = { kind: 'local', model: 'smollm2-135m-instruct' };
export const cloud: ComparedModel = { kind: 'cloud', provider: 'openai', model: 'gpt-mini' };

export const providers: readonly ProviderView[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    format: 'openai',
    address: 'https://api.openai.example',
    isBuiltIn: true,
    hasKey: true,
    needsKey: true,
    models: ['gpt-mini'],
    keySource: null,
  },
  {
    id: 'anthropic',
    name: 'Anthropic',
    format: 'anthropic',
    address: 'https://api.anthropic.example',
    isBuiltIn: true,
    hasKey: false,
    needsKey: true,
    models: ['claude-small'],
    keySource: null,
  },
];

const local = (model: ComparedModel, label: string): ComparableModel => ({
  model,
  label,
  place: 'on this machine',
  obstacle: null,
  price: null,
});

export const comparableModels: readonly ComparableModel[] = [
  local(tuned, 'support:v3'),
  local({ kind: 'local', model: 'support:v2' }, 'support:v2'),
  local(base, 'SmolLM2 135M Instruct'),
  {
    model: { kind: 'ollama', model: 'qwen3:4b' },
    label: 'qwen3:4b (Ollama)',
    place: 'Ollama',
    obstacle: null,
    price: null,
  },
  {
    model: cloud,
    label: 'gpt-mini (OpenAI)',
    place: 'OpenAI',
    obstacle: null,
    price: { inputUsd: 0.25, outputUsd: 2, asOf: '2026-01' },
  },
  {
    model: { kind: 'cloud', provider: 'anthropic', model: 'claude-small' },
    label: 'claude-small (Anthropic)',
    place: 'Anthropic',
    obstacle: 'There is no key for Anthropic yet.',
    price: null,
  },
];

const answerText = `The ticket is about a **late delivery**. As JSON:

\`\`\`json
{ "category": "shipping", "urgency": "high", "product": "lamp" }
\`\`\`

| field | value |
| --- | --- |
| category | shipping |
| urgency | high |
`;

export const answered = (pane: number, change: Partial<ComparedAnswer> = {}): ComparedAnswer => ({
  pane,
  label: 'ABCD'[pane] ?? 'A',
  model: null,
  state: 'done',
  text: answerText,
  failure: null,
  usage: { promptTokens: 48, completionTokens: 62, cachedPromptTokens: 0 },
  firstTokenMs: 180,
  totalMs: 2_100,
  tokensPerSecond: 31.4,
  costUsd: null,
  points: null,
  ...change,
});

const otherText = `It sounds like the customer has not received the order.

{ "category": "delivery", "urgency": "medium" }

<script>alert('this is text')</script>`;

export const turnOf = (change: Partial<ComparisonTurn> = {}): ComparisonTurn => ({
  turn: 0,
  prompt: 'My lamp was promised for Monday and it is Thursday. Where is it? I need it for a photo shoot tomorrow.',
  expected: null,
  answers: [answered(0), answered(1, { text: otherText, firstTokenMs: 640, tokensPerSecond: 74 })],
  vote: null,
  edited: null,
  revealed: false,
  kept: [],
  ...change,
});

export const revealedTurn = (change: Partial<ComparisonTurn> = {}): ComparisonTurn =>
  turnOf({
    answers: [
      answered(0, { model: tuned, label: 'support:v3', costUsd: 0 }),
      answered(1, { model: cloud, label: 'gpt-mini (OpenAI)', text: otherText, costUsd: 0.0021 }),
    ],
    vote: { pane: 0 },
    revealed: true,
    ...change,
  });

export const keyRefused: ForgeErrorData = {
  code: 'provider.key-refused',
  message: 'OpenAI refused the key.',
  remedy: 'Make a new key there and enter it under Settings, Providers.',
  retryable: false,
  exitCode: 3,
  detail: { provider: 'OpenAI' },
  correlationId: null,
};

export const viewOf = (change: Partial<ComparisonView> = {}): ComparisonView => ({
  id: 'c1',
  title: 'My lamp was promised for Monday',
  createdAt: moment,
  updatedAt: moment,
  state: 'done',
  settings: comparisonSettings.parse({}),
  models: [
    { model: null, label: 'Model 1' },
    { model: null, label: 'Model 2' },
  ],
  isSet: false,
  turns: 1,
  finishedTurns: 1,
  etaSeconds: null,
  spentUsd: 0,
  tally: { byModel: {}, ties: 0, none: 0 },
  meanPoints: null,
  ...change,
});

export const revealedView = (change: Partial<ComparisonView> = {}): ComparisonView =>
  viewOf({
    models: [
      { model: tuned, label: 'support:v3' },
      { model: cloud, label: 'gpt-mini (OpenAI)' },
    ],
    spentUsd: 0.0021,
    tally: { byModel: { 'support:v3': 1, 'gpt-mini (OpenAI)': 0 }, ties: 0, none: 0 },
    ...change,
  });

/** A comparison as its page holds it. */
export function shownComparison(view: ComparisonView | null, turns: readonly ComparisonTurn[]): ComparisonState {
  const live = createLiveTexts();
  const notThere = async (): Promise<never> => Promise.reject(new Error('A fixture has no engine.'));
  return {
    ...applyTurns({ ...noTurns, view, isSet: view?.isSet === true }, turns, { live, keeps: () => true }),
    id: view?.id ?? null,
    failure: null,
    live,
    firstShown: 0,
    openTurn: null,
    typed: {},
    isPlain: false,
    open: () => () => undefined,
    type: () => undefined,
    setPlain: () => undefined,
    showTurn: notThere,
    showEarlier: notThere,
    ask: notThere,
    stop: notThere,
    resume: notThere,
    retry: notThere,
    vote: notThere,
    edit: notThere,
    keep: notThere,
    unkeep: notThere,
  };
}

const questions = [
  'Where is my parcel?',
  'The blender smells of smoke.',
  'Please cancel order 2231.',
  'Wrong size, can I send it back?',
  'Invoice without VAT number',
  'Ist die Lampe dimmbar?',
];

/** A set of `count` prompts with points, all names known. */
export function setTurns(count: number): readonly ComparisonTurn[] {
  return Array.from({ length: count }, (_, turn) =>
    revealedTurn({
      turn,
      prompt: questions[turn % questions.length] ?? '',
      expected: '{ "category": "shipping" }',
      vote: turn % 3 === 0 ? { pane: turn % 2 } : turn % 7 === 0 ? 'tie' : null,
      kept: turn % 6 === 0 ? ['example'] : [],
      answers: [
        answered(0, {
          model: tuned,
          label: 'support:v3',
          points: 60 + ((turn * 7) % 41),
          text: '{ "category": "shipping", "urgency": "high" }',
        }),
        answered(1, {
          model: cloud,
          label: 'gpt-mini (OpenAI)',
          points: (turn * 13) % 70,
          text: otherText,
          state: turn % 11 === 10 && turn % 3 !== 0 ? 'failed' : 'done',
        }),
      ],
    }),
  );
}

export const compareState = (change: Partial<CompareViewProps['state']> = {}): CompareViewProps['state'] => ({
  models: comparableModels,
  providers,
  recent: [
    revealedView({
      id: 'c1',
      isSet: true,
      title: 'Held-out rows of support:v3',
      turns: 80,
      finishedTurns: 34,
      state: 'running',
      spentUsd: 0.0312,
    }),
    revealedView({ id: 'c2', createdAt: moment - 3_600_000 }),
    viewOf({
      id: 'c3',
      createdAt: moment - 86_400_000,
      state: 'interrupted',
      title: 'Write a haiku about a lighthouse',
    }),
  ],
  datasets: [],
  mainJobs: [],
  failure: null,
  draft: emptyDraft,
  estimate: null,
  refusal: null,
  isStarting: false,
  hidden: new Set(),
  ...change,
});
