import { useMemo } from 'react';
import { LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useCompareWords } from '../compare-words.ts';
import type { CompareViewProps } from './compare-props.ts';
import classes from './compare-view.module.css';
import { ModelPicker } from './model-picker.tsx';
import { RecentComparisons } from './recent-comparisons.tsx';
import { StartBox } from './start-box.tsx';

/** Where comparisons begin: models at the left, what to ask at the right, earlier ones below. */
export function CompareView(props: CompareViewProps) {
  const { state, handlers } = props;
  const words = useCompareWords();
  const { models, recent, hidden, failure } = state;
  const shown = useMemo(() => recent?.filter(({ id }) => !hidden.has(id)) ?? null, [recent, hidden]);
  return (
    <Page title={words('title')} subtitle={words('subtitle')}>
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.retry} />}
      {models?.length === 0 ? <NoModels /> : <Start {...props} />}
      {(models === null || models.length > 0 || (shown !== null && shown.length > 0)) && (
        <RecentComparisons recent={shown} onOpen={handlers.open} onRemove={handlers.remove} />
      )}
    </Page>
  );
}

function Start(props: CompareViewProps) {
  const { models, providers, draft } = props.state;
  return (
    <div className={classes['start']}>
      {models === null ? (
        <Skeleton height={20} />
      ) : (
        <ModelPicker
          models={models}
          providers={providers}
          chosen={draft.models}
          onChange={(chosen) => props.handlers.change({ models: chosen })}
        />
      )}
      <StartBox {...props} />
    </div>
  );
}

function NoModels() {
  const words = useCompareWords();
  return (
    <EmptyState
      title={words('emptyTitle')}
      text={words('emptyText')}
      actions={
        <>
          <LinkButton kind="primary" to="/create">
            {words('trainOne')}
          </LinkButton>
          <LinkButton to="/settings/providers">{words('setKey')}</LinkButton>
        </>
      }
    />
  );
}
