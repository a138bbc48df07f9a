import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { createDataStore } from '../data-store.ts';
import { useDataWords } from '../data-words.ts';
import { withData } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';

/** `/create/on/<dataset>/v2`: a new draft that learns from that version, opened at once. */
export function TrainOnPage() {
  const words = useDataWords();
  const { name = '', version = '' } = useParams({ strict: false });
  const { failure, isMissing, retry } = useTrainOn(`${name}:${version}`);
  return (
    <Page title={words('trainOn', { name: `${name}:${version}` })}>
      {failure !== null && <ErrorNotice failure={failure} onRetry={retry} />}
      {isMissing && (
        <Notice tone="warn" action={<LinkButton to="/data">{words('toData')}</LinkButton>}>
          {words('noSuchVersion', { name: `${name}:${version}` })}
        </Notice>
      )}
      {failure === null && !isMissing && <Skeleton lines={4} height={2} />}
    </Page>
  );
}

function useTrainOn(id: string) {
  const navigate = useNavigate();
  const known = useStoreOf(createDataStore, (state) => state.known);
  const loadKnown = useStoreOf(createDataStore, (state) => state.loadKnown);
  const stopBringing = useStoreOf(createDataStore, (state) => state.stopBringing);
  const start = useStoreOf(createDraftsStore, (state) => state.start);
  const [isMissing, setIsMissing] = useState(false);
  const begun = useRef<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    // The list is read anew: the version may be younger than what this window knows.
    if (begun.current === `${id} ${tries}`) return;
    begun.current = `${id} ${tries}`;
    void loadKnown().then((found) => {
      const dataset = found?.find(({ kind, label }) => kind === 'version' && label === id);
      setIsMissing(found !== null && dataset === undefined);
      if (dataset === undefined) return;
      stopBringing();
      const draft = start((empty) => withData(empty, { path: dataset.path, label: dataset.label }));
      void navigate({ to: '/create/$draft/$step', params: { draft, step: 'data' }, replace: true });
    });
  }, [id, tries, loadKnown, stopBringing, start, navigate]);
  return { failure: known.failure, isMissing, retry: () => setTries((count) => count + 1) };
}
