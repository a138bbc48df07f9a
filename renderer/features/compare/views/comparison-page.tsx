import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/shallow';
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
    vote: (turn, vote) => act(state.vote(turn, vote)),
    retry: (turn, pane) => act(state.retry(turn, pane)),
  };
}

/** What becomes data, with a way back. */
function useKeeping(state: ComparisonState): Pick<ComparisonHandlers, 'edit' | 'keep' | 'unkeep'> {
  const act = useAct();
  const words = useComparisonWords();
  const offerUndo = useUndo();
  const nothingMore = (): void => undefined;
  return {
    edit(turn, edited) {
      const before = state.turns.get(turn)?.edited ?? null;
      act(state.edit(turn, edited));
      if (edited === null && before !== null)
        offerUndo({ text: words('editDropped'), undo: () => act(state.edit(turn, before)), commit: nothingMore });
    },
    keep(turn, as, rejectedPane) {
      const kept = state.keep(turn, as, rejectedPane).then(() =>
        offerUndo({
          text: words(as === 'example' ? 'keptExample' : 'keptPreference'),
          undo: () => act(state.unkeep(turn, as)),
          commit: nothingMore,
        }),
      );
      act(kept);
    },
    unkeep: (turn, as) => act(state.unkeep(turn, as)),
  };
}
