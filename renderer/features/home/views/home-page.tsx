import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { createFrameStore } from '../../../app/frame-store.ts';
import { useEngine } from '../../../connection/engine-context.tsx';
import { useStoreOf } from '../../../connection/use-store.ts';
import { DropTarget } from '../../create/views/drop-to-create.tsx';
import { createHomeStore, type HomeData, type HomeStoreState } from '../home-store.ts';
import { HomeView } from './home-view.tsx';

/** `/` */
export function HomePage() {
  const data = useStoreOf(createHomeStore, useShallow(dataOf));
  const open = useStoreOf(createHomeStore, (state) => state.open);
  const reload = useStoreOf(createHomeStore, (state) => state.reload);
  const serving = useStoreOf(createFrameStore, (state) => state.serving);
  useEffect(() => open(), [open]);
  const onSample = useSample();
  useFirstStart(data);
  return (
    <>
      <HomeView data={data} serving={serving} onRetry={() => void reload()} onSample={onSample} />
      <DropTarget />
    </>
  );
}

const welcomedKey = 'forge.welcomed';

/** The very first time, with nothing made yet, the welcome comes before Home. Once seen it is a link on Home. */
function useFirstStart({ mainJobs, models }: HomeData): void {
  const navigate = useNavigate();
  const isEmpty = mainJobs?.size === 0 && models?.length === 0;
  useEffect(() => {
    if (!isEmpty || localStorage.getItem(welcomedKey) !== null) return;
    localStorage.setItem(welcomedKey, 'yes');
    void navigate({ to: '/welcome', replace: true });
  }, [isEmpty, navigate]);
}

/** The wizard with the sample chosen, past its first decision. What it needs is fetched by the click: Home itself comes quicker. */
function useSample(): () => void {
  const navigate = useNavigate();
  const engine = useEngine();
  const start = async (): Promise<void> => {
    const [{ createDraftsStore }, { useDataWords }, { withData }] = await Promise.all([
      import('../../create/drafts-store.ts'),
      import('../../create/data-words.ts'),
      import('../../create/draft-state.ts'),
    ]);
    const label = useDataWords.now('theSample');
    const drafts = engine.storeOf(createDraftsStore).getState();
    const draft = drafts.start((fresh) => withData(fresh, { path: null, label }));
    await navigate({ to: '/create/$draft/$step', params: { draft, step: 'data' } });
  };
  return () => void start();
}

function dataOf({ mainJobs, models, comparisons, sample, failure }: HomeStoreState): HomeData {
  return { mainJobs, models, comparisons, sample, failure };
}
