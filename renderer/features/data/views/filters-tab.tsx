import Plus from 'lucide-react/icons/plus';
import type { DatasetVersion } from '#contract/dataset-versions.ts';
import type { ShownDomain } from '#contract/domain-packs.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatNumber } from '../../../words/format.ts';
import { nameOfDomain, type BaseChoice } from '../choices-store.ts';
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
  'add' | 'take' | 'change' | 'move' | 'switchStep' | 'remove' | 'show'
> {
  count(): void;
  stopCounting(): void;
  freeze(as: string | null): void;
  /** Goes where scripts are written; from there one is added. */
  writeScript(): void;
}

export interface FiltersTabProps {
  /** Null while it is read. */
  readonly version: DatasetVersion | null;
  /** Packs whose filters can be taken. */
  readonly domains: readonly ShownDomain[];
  /** Bases whose tokenizers can count. */
  readonly bases: readonly BaseChoice[];
  readonly state: Pick<FiltersState, 'steps' | 'counted' | 'job' | 'failure' | 'opened'>;
  readonly handlers: FilterHandlers;
}

/** Steps in their order, each with what it keeps and drops. Nothing is changed by them until they are frozen into a version. */
export function FiltersTab({ version, domains, bases, state, handlers }: FiltersTabProps) {
  const words = useDatasetsWords();
  const { steps, failure } = state;
  const own = domains.find(({ id, pack }) => pack !== null && id === version?.recipe.import?.domain) ?? null;
  return (
    <div className={styles['filters']}>
      <div className={styles['tools']}>
        <p className={styles['muted']}>{words('filtersText')}</p>
        <span className={styles['toolButtons']}>
          <TakePack domains={domains} onTake={handlers.take} />
          <AddStep onAdd={handlers.add} onScript={handlers.writeScript} isFirst={steps.length === 0 && own === null} />
        </span>
      </div>
      {failure !== null && <ErrorNotice failure={failure} onRetry={handlers.count} />}
      {steps.length === 0 ? (
        <NoSteps own={own} onTake={handlers.take} />
      ) : (
        <StepList {...{ version, bases, state, handlers }} />
      )}
    </div>
  );
}

interface NoStepsProps {
  /** The pack of the domain that the version was imported under. */
  readonly own: ShownDomain | null;
  readonly onTake: FilterHandlers['take'];
}

function NoSteps({ own, onTake }: NoStepsProps) {
  const words = useDatasetsWords();
  if (own === null || own.steps.length === 0)
    return <EmptyState title={words('noStepsTitle')} text={words('noStepsText')} />;
  const name = nameOfDomain(own);
  const steps = own.steps.map(({ kind }) => words(`step_${kind}`)).join(' · ');
  return (
    <EmptyState
      title={words('packStepsTitle', { name })}
      text={words('packStepsText', { steps })}
      actions={
        <Button kind="primary" onClick={() => onTake(own.steps)}>
          {words('takePack', { name })}
        </Button>
      }
    />
  );
}

function TakePack({ domains, onTake }: { readonly domains: readonly ShownDomain[] } & Pick<NoStepsProps, 'onTake'>) {
  const words = useDatasetsWords();
  if (domains.length === 0) return null;
  return (
    <Menu
      align="end"
      trigger={<Button>{words('packFilters')}</Button>}
      items={domains.map((domain) => ({
        id: domain.id,
        label: nameOfDomain(domain),
        disabledReason: domain.problems[0]?.message ?? (domain.steps.length === 0 ? words('packNoFilters') : null),
        onSelect: () => onTake(domain.steps),
      }))}
    />
  );
}

interface AddStepProps {
  readonly onAdd: FilterHandlers['add'];
  readonly onScript: FilterHandlers['writeScript'];
  readonly isFirst: boolean;
}

function AddStep({ onAdd, onScript, isFirst }: AddStepProps) {
  const words = useDatasetsWords();
  return (
    <Menu
      align="end"
      trigger={
        <Button kind={isFirst ? 'primary' : 'plain'} icon={<Plus />}>
          {words('addStep')}
        </Button>
      }
      items={[
        ...offeredKinds.map((kind) => ({ id: kind, label: words(`step_${kind}`), onSelect: () => onAdd(kind) })),
        'line',
        { id: 'script', label: words('scriptAsStep'), onSelect: onScript },
      ]}
    />
  );
}

function StepList({ version, bases, state, handlers }: Omit<FiltersTabProps, 'domains'>) {
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
            bases={bases}
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
