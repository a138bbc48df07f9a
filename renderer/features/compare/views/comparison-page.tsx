import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import type { ComparisonTurn } from '#contract/comparisons.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { useUndo } from '../../../ui/undo.ts';
import { createCompareStore } from '../compare-store.ts';
import { createComparisonStore, type ComparisonState } from '../comparison-store.ts';
import { useComparisonWords } from '../comparison-words.ts';
import { useAct } from '../use-act.ts';
import type { ComparisonHandlers, ShownAs } from './comparison-props.ts';
import { ComparisonView } from './comparison-view.tsx';

const everything = (state: ComparisonState): ComparisonState => state;

/** `/compare/$id` */
export function ComparisonPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const words = useComparisonWords();
  const open = useStoreOf(createComparisonStore, (state) => state.open);
  const state = useStoreOf(createComparisonStore, useShallow(everything));
  const [shownAs, showAs] = useState<ShownAs | null>(null);
  const [isAsking, setAsking] = useState(false);
  const handlers = useHandlers({ state, showAs, setAsking });
  useEffect(() => open(id), [open, id]);
  if (state.failure !== null && state.view === null)
    return (
      <Page title={words('lost')}>
        <ErrorNotice
          failure={state.failure}
          onRetry={() => open(id)}
          actions={<LinkButton to="/compare">{words('toCompare')}</LinkButton>}
        />
      </Page>
    );
  return (
    <ComparisonView
      state={state}
      shownAs={shownAs}
      typed={state.typed[id] ?? ''}
      isAsking={isAsking}
      handlers={handlers}
    />
  );
}

interface HandlerParts {
  readonly state: ComparisonState;
  readonly showAs: (shownAs: ShownAs) => void;
  readonly setAsking: (isAsking: boolean) => void;
}

function useHandlers({ state, showAs, setAsking }: HandlerParts): ComparisonHandlers {
  const act = useAct();
  const navigate = useNavigate();
  const prepare = useStoreOf(createCompareStore, (compare) => compare.prepare);
  const { view } = state;
  return {
    ...useKeeping(state),
    ask(prompt) {
      setAsking(true);
      const asked = state.ask(prompt).then(() => state.type(''));
      act(asked.finally(() => setAsking(false)));
    },
    type: state.type,
    stop: () => act(state.stop()),
    resume: () => act(state.resume()),
    setPlain: state.setPlain,
    showTurn: (turn) => act(state.showTurn(turn)),
    showEarlier: () => act(state.showEarlier()),
    showAs,
    again() {
      if (view === null) return;
      prepare(
        view.models.flatMap(({ model }) => model ?? []),
        view.settings,
      );
      void navigate({ to: '/compare' });
    },
    retry: (turn, pane) => act(state.retry(turn, pane)),
  };
}

/** What becomes data, with a way back. */
function useKeeping(state: ComparisonState): Pick<ComparisonHandlers, 'edit' | 'vote' | 'keep' | 'unkeep'> {
  const act = useAct();
  const words = useComparisonWords();
  const offer = useUndo();
  const offerUndo = (text: string, undo: () => Promise<unknown>): void =>
    offer({ text, undo: () => act(undo()), commit: () => undefined });
  /** Does it, and says what it did to what was kept. */
  const changeKept = async (change: KeptChange): Promise<void> => {
    const before = state.turns.get(change.turn)?.kept ?? [];
    const { kept } = await change.act();
    const gone = before.filter((as) => !kept.includes(as));
    const text = gone.length > 0 ? words('keptGone') : before.length > 0 ? words('keptFollows') : change.said;
    if (text === null) return;
    offerUndo(text, async () => {
      await change.undo();
      for (const as of gone) await state.keep(change.turn, as, null);
    });
  };
  return {
    edit(turn, edited) {
      const before = state.turns.get(turn)?.edited ?? null;
      const said = edited === null && before !== null ? words('editDropped') : null;
      act(changeKept({ turn, said, act: () => state.edit(turn, edited), undo: () => state.edit(turn, before) }));
    },
    vote(turn, vote) {
      const before = state.turns.get(turn)?.vote ?? null;
      act(changeKept({ turn, said: null, act: () => state.vote(turn, vote), undo: () => state.vote(turn, before) }));
    },
    keep(turn, as, rejectedPane) {
      const kept = state
        .keep(turn, as, rejectedPane)
        .then(() =>
          offerUndo(words(as === 'example' ? 'keptExample' : 'keptPreference'), () => state.unkeep(turn, as)),
        );
      act(kept);
    },
    unkeep(turn, as) {
      act(state.unkeep(turn, as).then(() => offerUndo(words('unkept'), () => state.keep(turn, as, null))));
    },
  };
}

interface KeptChange {
  readonly turn: number;
  /** What is said where nothing was kept; null: nothing. */
  readonly said: string | null;
  readonly act: () => Promise<ComparisonTurn>;
  readonly undo: () => Promise<ComparisonTurn>;
}
