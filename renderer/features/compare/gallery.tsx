import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { emptyDraft } from './comparison-draft.ts';
import type { ComparisonState } from './comparison-store.ts';
import {
  answered,
  base,
  cloud,
  compareState,
  keyRefused,
  revealedTurn,
  revealedView,
  setTurns,
  shownComparison,
  tuned,
  turnOf,
  viewOf,
} from './fixtures.ts';
import type { CompareHandlers, CompareViewProps } from './views/compare-props.ts';
import { CompareView } from './views/compare-view.tsx';
import type { ComparisonHandlers, ShownAs } from './views/comparison-props.ts';
import { ComparisonView } from './views/comparison-view.tsx';

const nothing = (): void => undefined;
const startHandlers: CompareHandlers = {
  change: nothing,
  start: nothing,
  upload: async () => undefined,
  open: nothing,
  remove: nothing,
  retry: nothing,
};
const handlers: ComparisonHandlers = {
  ask: nothing,
  type: nothing,
  stop: nothing,
  resume: nothing,
  setPlain: nothing,
  showTurn: nothing,
  showEarlier: nothing,
  showAs: nothing,
  again: nothing,
  vote: nothing,
  edit: nothing,
  keep: nothing,
  unkeep: nothing,
  retry: nothing,
};

const start = (id: string, title: string, state: CompareViewProps['state']): GalleryEntry => ({
  id: `compare/${id}`,
  title: `Compare, ${title}`,
  render: () => <CompareView state={state} handlers={startHandlers} />,
});

interface Shown {
  readonly state: ComparisonState;
  readonly shownAs?: ShownAs;
  readonly typed?: string;
}

const comparison = (id: string, title: string, { state, shownAs, typed = '' }: Shown): GalleryEntry => ({
  id: `compare/${id}`,
  title: `Comparison, ${title}`,
  render: () => (
    <ComparisonView state={state} shownAs={shownAs ?? null} typed={typed} isAsking={false} handlers={handlers} />
  ),
});

const chosen = { ...emptyDraft, models: [tuned, cloud], prompt: 'My lamp was promised for Monday. Where is it?' };
const streamingAnswers = [
  answered(0, {
    state: 'streaming',
    text: 'The ticket is about a late',
    usage: null,
    firstTokenMs: 180,
    tokensPerSecond: null,
  }),
  answered(1, { state: 'waiting', text: '', usage: null, firstTokenMs: null, tokensPerSecond: null }),
];
const failingAnswers = [
  answered(0, { model: tuned, label: 'support:v3', costUsd: 0 }),
  answered(1, {
    state: 'failed',
    text: '',
    failure: keyRefused,
    usage: null,
    firstTokenMs: null,
    tokensPerSecond: null,
  }),
];
const fourAnswers = [
  answered(0),
  answered(1, { text: 'Shipping.' }),
  answered(2, { text: 'It is late.' }),
  answered(3, { state: 'stopped', text: 'I am so' }),
];
const set = revealedView({
  title: 'Held-out rows of support:v3',
  isSet: true,
  turns: 60,
  finishedTurns: 60,
  meanPoints: { 'support:v3': 81, 'gpt-mini (OpenAI)': 34 },
});

export const compareGallery: readonly GalleryEntry[] = [
  start('loading', 'being read', compareState({ models: null, recent: null })),
  start('empty', 'no models', compareState({ models: [], recent: [] })),
  start('start', 'nothing chosen', compareState()),
  start(
    'ready',
    'ready with its cost',
    compareState({
      draft: chosen,
      estimate: {
        prompts: 1,
        usdAtMost: 0.0011,
        secondsAbout: 9,
        panes: [
          { label: 'support:v3', inputTokens: 30, outputTokensAtMost: 512, usdAtMost: 0 },
          { label: 'gpt-mini (OpenAI)', inputTokens: 30, outputTokensAtMost: 512, usdAtMost: 0.0011 },
        ],
      },
    }),
  ),
  start(
    'over-cap',
    'dearer than the limit',
    compareState({
      draft: { ...chosen, source: 'lines', lines: 'One\nTwo\nThree', settings: { ...chosen.settings, capUsd: 2 } },
      estimate: { prompts: 3, usdAtMost: 4.2, secondsAbout: 140, panes: [] },
    }),
  ),
  start('failing', 'engine away', compareState({ models: null, recent: null, failure: keyRefused })),
  comparison('opening', 'being read', { state: shownComparison(null, []) }),
  comparison('streaming', 'answers come', {
    state: shownComparison(viewOf({ state: 'running', finishedTurns: 0 }), [turnOf({ answers: streamingAnswers })]),
  }),
  comparison('blind', 'to be voted on', { state: shownComparison(viewOf(), [turnOf()]) }),
  comparison('voted', 'voted, kept, one more prompt', {
    state: shownComparison(revealedView({ turns: 2, finishedTurns: 2 }), [
      revealedTurn({ kept: ['example'] }),
      revealedTurn({
        turn: 1,
        vote: 'tie',
        prompt: 'And in German?',
        edited: { pane: 0, text: 'Die Lieferung ist zu spät.' },
      }),
    ]),
    shownAs: 'answers',
    typed: 'And as a table?',
  }),
  comparison('failing-pane', 'one model fails', {
    state: shownComparison(viewOf(), [turnOf({ answers: failingAnswers })]),
  }),
  comparison('four', 'four models', {
    state: shownComparison(viewOf({ state: 'stopped' }), [turnOf({ answers: fourAnswers })]),
  }),
  comparison('set', 'a set as a table', { state: shownComparison(set, setTurns(60)) }),
  comparison('set-running', 'a set that runs', {
    state: shownComparison(
      viewOf({
        title: 'Held-out rows',
        isSet: true,
        state: 'running',
        turns: 80,
        finishedTurns: 3,
        etaSeconds: 1_140,
        spentUsd: 0.03,
        settings: { ...viewOf().settings, capUsd: 2 },
      }),
      [turnOf(), turnOf({ turn: 1, answers: streamingAnswers }), turnOf({ turn: 2, answers: failingAnswers })],
    ),
  }),
  comparison('set-turn', 'one turn of a set', { state: { ...shownComparison(set, setTurns(60)), openTurn: 4 } }),
  comparison('base-against-tuned', 'long prompt', {
    state: shownComparison(
      revealedView({
        models: [
          { model: tuned, label: 'support:v3' },
          { model: base, label: 'SmolLM2 135M Instruct' },
        ],
      }),
      [revealedTurn({ prompt: 'A long report. '.repeat(14_000) })],
    ),
  }),
];
