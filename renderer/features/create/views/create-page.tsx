import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { MainJobDraft } from '#contract/drafts.ts';
import { failureOf } from '../../../connection/engine-access.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useToast } from '../../../ui/toast-context.ts';
import { useUndo } from '../../../ui/undo.ts';
import { createDataStore } from '../data-store.ts';
import { useCreateWords } from '../create-words.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { DraftsView } from './drafts-view.tsx';
import { DropToCreate } from './drop-to-create.tsx';
import { Wizard } from './wizard.tsx';
import { speakerNow } from '../../../words/speaker.ts';

export { DropToCreate } from './drop-to-create.tsx';
export { useStartFromFiles } from './start-from-files.tsx';

/** `/create`: what was begun and a new beginning. `/create/<draft>/<step>`: the wizard there. */
export function CreatePage() {
  const { draft, step } = useParams({ strict: false });
  if (draft !== undefined) return <Wizard id={draft} wished={step ?? ''} />;
  return (
    <DropToCreate>
      <Drafts />
    </DropToCreate>
  );
}

function Drafts() {
  const words = useCreateWords();
  const navigate = useNavigate();
  const drafts = useStoreOf(createDraftsStore, (state) => state.drafts);
  const failure = useStoreOf(createDraftsStore, (state) => state.failure);
  const load = useStoreOf(createDraftsStore, (state) => state.load);
  const start = useStoreOf(createDraftsStore, (state) => state.start);
  const stopBringing = useStoreOf(createDataStore, (state) => state.stopBringing);
  const { hidden, remove } = useRemoval();
  useEffect(() => void load(), [load]);
  const begin = (): void => {
    stopBringing();
    void navigate({ to: '/create/$draft/$step', params: { draft: start(), step: 'data' } });
  };
  return (
    <DraftsView
      drafts={drafts?.filter(({ id }) => !hidden.has(id)) ?? null}
      failure={failure}
      onBegin={begin}
      onRemove={(draft) =>
        remove(draft, words('removedDraft', { name: draft.request.name ?? draft.datasetLabel ?? words('unnamed') }))
      }
      onRetry={() => void load()}
    />
  );
}

/** Hides at once, removes for good when the time for Undo is over. */
function useRemoval() {
  const toast = useToast();
  const offerUndo = useUndo();
  const removeForGood = useStoreOf(createDraftsStore, (state) => state.remove);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const show = (id: string): void => setHidden((before) => new Set([...before].filter((one) => one !== id)));
  const remove = ({ id }: MainJobDraft, text: string): void => {
    setHidden((before) => new Set([...before, id]));
    const commit = (): void =>
      void removeForGood(id).catch((error: unknown) => {
        show(id);
        toast({ tone: 'bad', text: speakerNow().failure(failureOf(error)).message });
      });
    offerUndo({ text, undo: () => show(id), commit });
  };
  return { hidden, remove };
}
