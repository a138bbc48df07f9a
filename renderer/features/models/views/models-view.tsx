import { useMemo } from 'react';
import { LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DataTable } from '../../../ui/table.tsx';
import type { ModelRow } from '../model-rows.ts';
import { useModelsWords } from '../models-words.ts';
import { ModelInspector } from './model-inspector.tsx';
import { modelColumns } from './model-columns.tsx';
import type { ModelsViewProps } from './models-props.ts';
import classes from './models-view.module.css';

/** Every version with its score; one selected shows its figures and what can be done with it. */
export function ModelsView(props: ModelsViewProps) {
  const { rows, state, handlers } = props;
  const words = useModelsWords();
  const selected = rows?.find(({ id }) => id === state.selected) ?? null;
  return (
    <Page
      layout="fill"
      title={words('title')}
      subtitle={rows === null || rows.length === 0 ? undefined : words('subtitle', { count: rows.length })}
      actions={
        rows !== null &&
        rows.length > 0 && (
          <LinkButton kind="primary" to="/create">
            {words('newModel')}
          </LinkButton>
        )
      }
      {...(selected !== null && {
        inspector: <ModelInspector key={selected.id} row={selected} state={state} handlers={handlers} />,
        inspectorTitle: selected.id,
        onInspectorClose: () => handlers.select(null),
      })}
    >
      {state.failure !== null && <ErrorNotice failure={state.failure} onRetry={handlers.retry} />}
      <Versions {...props} />
    </Page>
  );
}

function Versions({ rows, state, handlers }: ModelsViewProps) {
  const words = useModelsWords();
  const columns = useMemo(() => modelColumns(words), [words]);
  if (rows === null) return state.failure === null ? <Skeleton lines={8} height={1.75} /> : null;
  return (
    <DataTable<ModelRow>
      className={classes['table']}
      label={words('title')}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      selected={state.selected}
      onSelect={({ id }) => handlers.select(id)}
      onOpen={handlers.chat}
      minWidth={53.5}
      empty={
        <EmptyState
          title={words('emptyTitle')}
          text={words('emptyText')}
          actions={
            <LinkButton kind="primary" to="/create">
              {words('newModel')}
            </LinkButton>
          }
        />
      }
    />
  );
}
