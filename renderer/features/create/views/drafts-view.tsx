import Trash from 'lucide-react/icons/trash-2';
import type { MainJobDraft } from '#contract/drafts.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page, Section } from '../../../ui/page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useCreateWords } from '../create-words.ts';
import { speakerNow } from '../../../words/speaker.ts';
import styles from './drafts-view.module.css';

export interface DraftsViewProps {
  /** Null until they were read. */
  readonly drafts: readonly MainJobDraft[] | null;
  readonly failure: ForgeErrorData | null;
  readonly onBegin: () => void;
  readonly onRemove: (draft: MainJobDraft) => void;
  readonly onRetry: () => void;
}

/** Where making a model begins, and where what was begun waits. */
export function DraftsView({ drafts, failure, onBegin, onRemove, onRetry }: DraftsViewProps) {
  const words = useCreateWords();
  const begin = (
    <Button kind="primary" onClick={onBegin}>
      {words('begin')}
    </Button>
  );
  return (
    <Page title={words('title')} actions={drafts?.length === 0 ? undefined : begin}>
      <p className={styles['intro']}>{words('listIntro')}</p>
      {failure !== null && <ErrorNotice failure={failure} onRetry={onRetry} />}
      {drafts === null && failure === null && <Skeleton lines={3} height={3} />}
      {drafts?.length === 0 && (
        <EmptyState title={words('noDraftsTitle')} text={words('noDraftsText')} actions={begin} />
      )}
      {drafts !== null && drafts.length > 0 && (
        <Section title={words('drafts')}>
          <ul className={styles['list']}>
            {drafts.map((draft) => (
              <DraftRow key={draft.id} draft={draft} onRemove={() => onRemove(draft)} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function DraftRow({ draft, onRemove }: { readonly draft: MainJobDraft; readonly onRemove: () => void }) {
  const words = useCreateWords();
  const name = draft.request.name ?? speakerNow().say(draft.datasetLabel ?? words('unnamed'));
  const steps = {
    data: words('stepData'),
    base: words('stepBase'),
    plan: words('stepPlan'),
    train: words('stepTrain'),
    result: words('stepResult'),
    serve: words('stepServe'),
  };
  return (
    <li className={styles['draft']}>
      <span className={styles['words']}>
        <a
          className={styles['name']}
          href={`#/create/${draft.id}/${draft.step}`}
          aria-label={words('openDraft', { name })}
        >
          {name}
        </a>
        <br />
        <span className={styles['small']}>
          {draft.datasetLabel !== null && `${speakerNow().say(draft.datasetLabel)} · `}
          {draft.mainJob === null ? words('atStep', { step: steps[draft.step] }) : words('inTraining')}
        </span>
      </span>
      <span className={styles['small']}>
        <RelativeTime time={draft.updatedAt} />
      </span>
      <IconButton label={words('removeDraft', { name })} icon={<Trash />} onClick={onRemove} />
    </li>
  );
}
