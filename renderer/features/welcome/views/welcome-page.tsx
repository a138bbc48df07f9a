import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useDataWords } from '../../create/data-words.ts';
import { withData } from '../../create/draft-state.ts';
import { createDraftsStore } from '../../create/drafts-store.ts';
import { createWelcomeStore } from '../welcome-store.ts';
import { WelcomeView } from './welcome-view.tsx';

/** `/welcome`: the first start, and whenever one wants to see what is set up. */
export function WelcomePage() {
  const navigate = useNavigate();
  const sample = useDataWords()('theSample');
  const state = useStoreOf(createWelcomeStore, (all) => all);
  const startDraft = useStoreOf(createDraftsStore, (drafts) => drafts.start);
  const { load } = state;
  useEffect(() => void load(), [load]);
  const begin = (withSample: boolean): void => {
    const draft = startDraft(withSample ? (fresh) => withData(fresh, { path: null, label: sample }) : undefined);
    void navigate({ to: '/create/$draft/$step', params: { draft, step: 'data' } });
  };
  return (
    <WelcomeView
      {...state}
      onLook={() => void load()}
      onPrepare={(part) => void (part === 'all' ? state.prepareAll() : state.prepare(part))}
      onRepair={() => void state.repair()}
      onStop={state.stop}
      onSample={() => begin(true)}
      onOwnData={() => begin(false)}
    />
  );
}
