import Plus from 'lucide-react/icons/plus';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatNumber } from '../../../words/format.ts';
import { isComplete, offeredKinds, outcomesFor, stepsOn } from '../filter-steps.ts';
import { shareDone } from '../foundry-jobs.ts';
import type { FiltersState } from '../filters-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { FilterStep } from './filter-step.tsx';
import styles from './filters.module.css';
import { FreezeForm } from './freeze-form.tsx';
import { useStepDrag } from './use-step-drag.ts';

export interface FilterHandlers extends Pick<
  FiltersState,
  'add' | 'change' | 'move' | 'switchStep' | 'remove' | 'show'
> {
  count(): void;
  stopCounting(): void;
  freeze(as: string | null): void;
}

export interface FiltersTabProps {
  /** Null while it is read. */
  readonly version: DatasetVersion | null;
  readonly state: Pick<FiltersState, 'steps' | 'counted' | 'job' | 'failure' | 'opened'>;
  readonly handlers: FilterHandlers;
}

/** Steps in their order, each with what it keeps and drops. Nothing is changed by them until they are frozen into a version. */
export function FiltersTab({ version, state, handlers }: FiltersTabProps) {
  const words = useDatasetsWords();
  const { steps, failure } = state;
  return (
    <div className={styles['filters']}>
      <div className={styles['tools']}>
        <p className={styles['muted']}>{words('filtersText')}</p>
        <AddStep onAdd={handlers.add} isFirst={steps.length === 0} />
      </div>
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.count} />}
      {steps.length === 0 ? (
        <EmptyState title={words('noStepsTitle')} text={words('noStepsText')} />
      ) : (
        <StepList version={version} state={state} handlers={handlers} />
      )}
    </div>
  );
}

function AddStep({ onAdd, isFirst }: { readonly onAdd: FilterHandlers['add']; readonly isFirst: boolean }) {
  const words = useDatasetsWords();
  return (
    <Menu
      align="end"
      trigger={
        <Button kind={isFirst ? 'primary' : 'plain'} icon={<Plus />}>
          {words('addStep')}
        </Button>
      }
      items={offeredKinds.map((kind) => ({ id: kind, label: words(`step_${kind}`), onSelect: () => onAdd(kind) }))}
    />
  );
}

function StepList({ version, state, handlers }: FiltersTabProps) {
  const words = useDatasetsWords();
  const { steps, counted, job, opened } = state;
  const drag = useStepDrag(handlers.move);
  const outcomes = outcomesFor(steps, counted);
  const on = stepsOn(steps);
  const last = outcomes.findLast((outcome) => outcome !== null) ?? null;
  return (
    <>
      <ol className={styles['steps']}>
        {steps.map((listed, index) => (
          <FilterStep
            key={listed.key}
            listed={listed}
            index={index}
            count={steps.length}
            outcome={outcomes[index] ?? null}
            isOpen={opened === listed.key}
            drag={drag}
            handlers={handlers}
          />
        ))}
      </ol>
      {job !== null && (
        <div className={styles['counting']}>
          <ProgressBar showLabel label={words('counting')} fraction={shareDone(job)} />
          <Button onClick={handlers.stopCounting}>{words('stop')}</Button>
        </div>
      )}
      <p role="status" className={styles['sum']}>
        {last !== null &&
          version !== null &&
          words('keptOf', { kept: formatNumber(last.kept), all: formatNumber(version.rows) })}
      </p>
      <FreezeForm
        isReady={on.length > 0 && on.every(isComplete)}
        isEmpty={last !== null && last.kept === 0}
        onFreeze={handlers.freeze}
      />
    </>
  );
}
