import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { MainJobDraft } from '#contract/drafts.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { failureOf } from '../../../connection/engine-access.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { requestOf, suggestedName, withWishes, type Draft } from '../draft-state.ts';
import { createDraftsStore } from '../drafts-store.ts';
import { settingOfFailure } from '../plan-fields.ts';
import { withJobField, withSetting, type JobFields } from '../plan-form-values.ts';
import { createPlanStore } from '../plan-store.ts';
import { usePlanWords } from '../plan-words.ts';
import { createTrainingStore } from '../training-store.ts';
import { NameField } from './name-field.tsx';
import { PlanForm } from './plan-form.tsx';
import { PlanTable } from './plan-table.tsx';
import { PlanText } from './plan-text.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';
import { useSpeaker } from '../../../words/speaker.ts';

/** The third decision: a name. Everything else is planned and can be looked at, and changed, here. */
export function PlanStep({ draft, consequence, saving, onGo }: StepProps) {
  const words = usePlanWords();
  const preview = useStoreOf(createPlanStore, (state) => state.preview);
  const versions = useStoreOf(createPlanStore, (state) => state.versions);
  const { change, changeRequest } = useDraftChanges();
  const training = useBegin(draft, () => onGo('train'));
  const [isAdvanced, setIsAdvanced] = useState(draft.request.settings !== undefined);
  const [isNameGood, setIsNameGood] = useState(true);
  const failure = training.failure ?? preview.failure;
  return (
    <StepFrame
      title={words('title')}
      intro={words('intro')}
      consequence={consequence}
      saving={saving}
      onBack={() => onGo('base')}
      primary={{
        label: words('train'),
        onGo: training.begin,
        busy: training.isBusy,
        disabledReason: whyNotYet(words, {
          isNameGood,
          hasPlan: preview.value !== null,
          hasFailed: preview.failure !== null,
        }),
      }}
    >
      {failure !== null && <ErrorNotice failure={failure} actions={<Remedy failure={failure} onGo={onGo} />} />}
      <NameField
        key={draft.id}
        name={draft.request.name ?? suggestedName(draft)}
        versions={versions}
        onChange={(name) => change((before) => withWishes(before, { name }))}
        onGood={setIsNameGood}
      />
      <Section
        title={words('planned')}
        actions={
          <Button onClick={() => setIsAdvanced(!isAdvanced)}>{words(isAdvanced ? 'simple' : 'advanced')}</Button>
        }
      >
        {isAdvanced ? (
          <Advanced draft={draft} onRequest={changeRequest} failure={preview.failure} />
        ) : (
          <PlanTable preview={preview.value} own={draft.request.settings ?? {}} />
        )}
      </Section>
    </StepFrame>
  );
}

type Wishes = MainJobDraft['request'];

function useDraftChanges() {
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  return useMemo(
    () => ({
      change,
      changeRequest: (update: (request: Wishes) => Wishes) =>
        change((before) => {
          const request = update(before.request);
          return JSON.stringify(request) === JSON.stringify(before.request) ? before : { ...before, request };
        }),
    }),
    [change],
  );
}

interface PlanReadiness {
  readonly isNameGood: boolean;
  readonly hasPlan: boolean;
  readonly hasFailed: boolean;
}

function whyNotYet(
  words: ReturnType<typeof usePlanWords>,
  { isNameGood, hasPlan, hasFailed }: PlanReadiness,
): string | null {
  if (!isNameGood || hasFailed) return words('hasProblems');
  return hasPlan ? null : words('waitsForPlan');
}

/** Starts the training once; the draft then belongs to it. */
function useBegin(draft: Draft, onBegun: () => void) {
  const begin = useStoreOf(createTrainingStore, (state) => state.begin);
  const change = useStoreOf(createDraftsStore, (state) => state.change);
  const flush = useStoreOf(createDraftsStore, (state) => state.flush);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<ForgeErrorData | null>(null);
  // Another plan deserves another try.
  useEffect(() => setFailure(null), [draft.request]);
  const start = async (): Promise<void> => {
    setIsBusy(true);
    setFailure(null);
    try {
      const mainJob = await begin(draft.id, requestOf(draft));
      change((before) => ({ ...before, mainJob, step: 'train' }));
      await flush();
      onBegun();
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return { isBusy, failure, begin: () => void start() };
}

function Remedy({ failure, onGo }: { readonly failure: ForgeErrorData; readonly onGo: StepProps['onGo'] }): ReactNode {
  const words = usePlanWords();
  if (failure.code.startsWith('dataset.')) return <Button onClick={() => onGo('data')}>{words('chooseData')}</Button>;
  if (failure.code.startsWith('base-model.') || failure.code === 'recipe.does-not-fit')
    return <Button onClick={() => onGo('base')}>{words('chooseBase')}</Button>;
  return null;
}

interface AdvancedProps {
  readonly draft: Draft;
  readonly failure: ForgeErrorData | null;
  readonly onRequest: (update: (request: Wishes) => Wishes) => void;
}

function Advanced({ draft, failure, onRequest }: AdvancedProps) {
  const words = usePlanWords();
  const speaker = useSpeaker();
  const preview = useStoreOf(createPlanStore, (state) => state.preview.value);
  const [editor, setEditor] = useState<'form' | 'text'>('form');
  const [text, setText] = useState<string | null>(null);
  const reasons = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(preview?.reasons ?? {}).map(([setting, reason]) => [setting, speaker.say(reason)]),
      ),
    [preview, speaker],
  );
  const refused = failure === null ? null : settingOfFailure(failure.detail);
  const onSetting = useMemo(
    () => (setting: Parameters<typeof withSetting>[1], value: unknown) =>
      onRequest((request) => withSetting(request, setting, value)),
    [onRequest],
  );
  const onJobField = useMemo(
    () =>
      <K extends keyof JobFields>(field: K, value: JobFields[K]) =>
        onRequest((request) => withJobField(request, field, value)),
    [onRequest],
  );
  const shared = { request: draft.request, recipe: preview?.recipe ?? null, reasons };
  return (
    <Tabs
      value={editor}
      onChange={setEditor}
      label={words('editor')}
      tabs={[
        { id: 'form', label: words('asForm') },
        { id: 'text', label: words('asText') },
      ]}
    >
      {editor === 'form' ? (
        <PlanForm
          {...shared}
          problems={refused === null || failure === null ? {} : { [refused]: speaker.failure(failure).message }}
          onSetting={onSetting}
          onJobField={onJobField}
        />
      ) : (
        <PlanText
          {...shared}
          request={{ ...draft.request, name: draft.request.name ?? suggestedName(draft) }}
          text={text}
          onText={setText}
          onRequest={(request) => onRequest(() => request)}
        />
      )}
    </Tabs>
  );
}
