import type { ForgeErrorData } from '#contract/error-data.ts';
import type { JobView } from '#contract/jobs.ts';
import type { MainJobView } from '#contract/main-job.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Page, Section } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useRunsWords } from '../runs-words.ts';
import { noFilter, type RunAction, type RunFilter, type RunLists, type RunSubject } from '../selectors.ts';
import { FinishedTable, type PagedFinished } from './finished-table.tsx';
import { RunningRow } from './run-row.tsx';
import classes from './runs.module.css';
import { WaitingList } from './waiting-list.tsx';

export interface RunsViewProps {
  /** Null while nothing is known yet. */
  readonly lists: RunLists | null;
  /** How many there are without the filter. */
  readonly total: number;
  readonly filter: RunFilter;
  readonly onFilter: (filter: RunFilter) => void;
  /** The worker that a running one has at work. */
  readonly workerOf: (view: MainJobView) => JobView | null;
  readonly onAct: (action: RunAction, subject: RunSubject) => void;
  readonly onMove: (id: string, before: string | null) => void;
  readonly onOpen: (id: string) => void;
  readonly paged?: PagedFinished | undefined;
  /** Why what is over could not be read. */
  readonly failure?: ForgeErrorData | null | undefined;
  readonly onRetry?: (() => void) | undefined;
}

/** Every run: what goes on, what waits, what is over. */
export function RunsView(props: RunsViewProps) {
  const { lists, total } = props;
  const words = useRunsWords();
  const create = (
    <LinkButton to="/create" kind="primary">
      {words('newRun')}
    </LinkButton>
  );
  if (lists !== null && total === 0) {
    return (
      <Page title={words('runs')}>
        <EmptyState title={words('emptyTitle')} text={words('emptyText')} actions={create} picture={<EmptyCurve />} />
      </Page>
    );
  }
  return (
    <Page title={words('runs')} actions={create}>
      <Filter filter={props.filter} onFilter={props.onFilter} />
      {props.failure != null && <ErrorNotice failure={props.failure} onRetry={props.onRetry} />}
      {lists === null ? props.failure == null && <Skeleton lines={6} /> : <Lists {...props} lists={lists} />}
    </Page>
  );
}

function Lists({
  lists,
  filter,
  onFilter,
  workerOf,
  onAct,
  onMove,
  onOpen,
  paged,
}: RunsViewProps & { readonly lists: RunLists }) {
  const words = useRunsWords();
  const { running, waiting, finished } = lists;
  if (running.length + waiting.length + finished.length === 0) {
    const clear = <Button onClick={() => onFilter(noFilter)}>{words('clearFilter')}</Button>;
    return (
      <EmptyState
        title={words('noneMatches')}
        text={words('noneMatchesText')}
        actions={filter === noFilter ? undefined : clear}
      />
    );
  }
  return (
    <>
      {running.length > 0 && (
        <Section title={words('running')}>
          <ul className={classes['list']}>
            {running.map((view) => (
              <RunningRow key={view.id} subject={{ mainJob: view, worker: workerOf(view) }} onAct={onAct} />
            ))}
          </ul>
        </Section>
      )}
      {waiting.length > 0 && (
        <Section title={words('waiting')} hint={waiting.length > 1 ? words('waitingHint') : undefined}>
          <WaitingList waiting={waiting} onAct={onAct} onMove={onMove} />
        </Section>
      )}
      {finished.length > 0 && (
        <Section title={words('finished')}>
          <FinishedTable finished={finished} onAct={onAct} onOpen={onOpen} paged={paged} />
        </Section>
      )}
    </>
  );
}

function Filter({ filter, onFilter }: Pick<RunsViewProps, 'filter' | 'onFilter'>) {
  const words = useRunsWords();
  return (
    <div className={classes['filter']} role="search">
      <TextInput
        type="search"
        label={words('filter')}
        placeholder={words('filter')}
        value={filter.text}
        onChange={(text) => onFilter({ ...filter, text })}
      />
      <Segmented
        label={words('state')}
        value={filter.state}
        onChange={(state) => onFilter({ ...filter, state })}
        options={[
          { value: 'all', label: words('allStates') },
          { value: 'succeeded', label: words('onlySucceeded') },
          { value: 'failed', label: words('onlyFailed') },
          { value: 'stopped', label: words('onlyStopped') },
        ]}
      />
    </div>
  );
}

/** What will stand here, drawn with the product's own line. */
function EmptyCurve() {
  return (
    <svg viewBox="0 0 120 48" width="120" height="48" className={classes['emptyCurve']}>
      <path d="M4 6 C 18 38, 40 34, 64 40 S 104 43, 116 43" />
      <path d="M4 6 H116" data-base="" />
    </svg>
  );
}
