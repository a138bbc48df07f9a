import { useEffect, useMemo, useState } from 'react';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf } from '../../../connection/engine-access.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Field } from '../../../ui/field.tsx';
import { Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useBaseWords } from '../base-words.ts';
import { requestOf, withWishes, type Draft } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { createPlanStore } from '../plan-store.ts';
import { inOrderOfUse, obstacleOf, recommendBase } from '../recommend-base.ts';
import { BaseChoice } from './base-choice.tsx';
import styles from './base-step.module.css';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';

/** The second decision: what to start from. The recommended one is taken unless the person takes another. */
export function BaseStep({ draft, consequence, saving, onGo }: StepProps) {
  const words = useBaseWords();
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const bases = useStoreOf(createPlanStore, (state) => state.bases);
  const loadBases = useStoreOf(createPlanStore, (state) => state.loadBases);
  const { recommendation, memoryBytes, forecasts } = useBaseFacts(draft);
  const chosen = bases.value?.find(
    ({ id, aliases }) => id === draft.request.base || aliases.includes(draft.request.base ?? ''),
  );
  const value = chosen?.id ?? (draft.request.base === undefined ? (recommendation?.id ?? null) : null);
  const name = bases.value?.find(({ id }) => id === value)?.name ?? null;
  const choose = (base: string): void => change((before) => withWishes(before, { base }));
  const goOn = (): void => {
    if (value !== null) choose(value);
    onGo('plan');
  };
  return (
    <StepFrame
      title={words('title')}
      intro={words('intro')}
      consequence={consequence}
      saving={saving}
      onBack={() => onGo('data')}
      primary={{
        label: name === null ? words('choice') : words('next', { name }),
        onGo: goOn,
        disabledReason: value === null ? words('none') : null,
      }}
    >
      {bases.failure !== null && <ErrorNotice failure={bases.failure} onRetry={() => void loadBases()} />}
      {bases.value === null && bases.failure === null && <Skeleton lines={4} height={5} />}
      {bases.value !== null && (
        <BaseChoice
          models={bases.value}
          value={value}
          recommendation={recommendation}
          forecasts={forecasts}
          memoryBytes={memoryBytes}
          onChange={choose}
        />
      )}
      <OwnBase onAdded={choose} />
    </StepFrame>
  );
}

/** What the cards say beyond the catalogue; the times come in one by one. */
function useBaseFacts(draft: Draft) {
  const bases = useStoreOf(createPlanStore, (state) => state.bases.value);
  const finding = useStoreOf(createPlanStore, (state) => state.finding);
  const forecasts = useStoreOf(createPlanStore, (state) => state.forecasts);
  const forecastBases = useStoreOf(createPlanStore, (state) => state.forecastBases);
  const memoryBytes = finding?.memoryBytes ?? null;
  const recommendation = useMemo(() => recommendBase(bases ?? [], finding), [bases, finding]);
  const { base: _chosen, ...others } = requestOf(draft);
  const key = JSON.stringify(others);
  useEffect(() => {
    if (bases === null) return;
    const ids = inOrderOfUse(bases, recommendation?.id ?? null, memoryBytes)
      .filter((model) => obstacleOf(model, memoryBytes) === null)
      .map(({ id }) => id);
    void forecastBases(JSON.parse(key) as typeof others, ids);
  }, [bases, recommendation, memoryBytes, key, forecastBases]);
  return { recommendation, memoryBytes, forecasts };
}

function OwnBase({ onAdded }: { readonly onAdded: (id: string) => void }) {
  const words = useBaseWords();
  const shell = useShell();
  const addBase = useStoreOf(createPlanStore, (state) => state.addBase);
  const [path, setPath] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<ForgeErrorData | null>(null);
  const add = async (wanted: string): Promise<void> => {
    if (wanted.trim() === '') return;
    setIsBusy(true);
    setFailure(null);
    try {
      onAdded((await addBase(wanted.trim())).id);
      setPath('');
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  const pick = async (): Promise<void> => {
    const picked = await shell.pickPath({ kind: 'folder', title: words('own'), suggested: null });
    if (picked !== null) await add(picked);
  };
  return (
    <Section title={words('own')}>
      {failure !== null && <ErrorNotice failure={failure} />}
      <div className={styles['own']}>
        <Field label={words('ownPath')} hint={words('ownHint')}>
          <TextInput
            code
            value={path}
            onChange={setPath}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || path.trim() === '') return;
              event.preventDefault();
              void add(path);
            }}
          />
        </Field>
        <div className={styles['ownButtons']}>
          <Button busy={isBusy} onClick={() => void add(path)}>
            {words('add')}
          </Button>
          {shell.canPickPath && <Button onClick={() => void pick()}>{words('pick')}</Button>}
        </div>
      </div>
    </Section>
  );
}
