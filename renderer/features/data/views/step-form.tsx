import type { ViewStep } from '#contract/dataset-versions.ts';
import { Field } from '../../../ui/field.tsx';
import { NumberInput } from '../../../ui/number-input.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import type { BaseChoice } from '../choices-store.ts';
import { isComplete } from '../filter-steps.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './filters.module.css';
import { LengthForm } from './length-form.tsx';
import { ListField } from './list-field.tsx';
import { PiiForm } from './pii-form.tsx';
import { PlaceChoice } from './place-choice.tsx';

export interface StepFormProps<S extends ViewStep = ViewStep> {
  readonly step: S;
  readonly onChange: (step: S) => void;
}

type StepOf<Kind extends ViewStep['kind']> = Extract<ViewStep, { kind: Kind }>;

/** The values of a step; steps without any say in a sentence what they do. */
export function StepForm({ step, bases, onChange }: StepFormProps & { readonly bases: readonly BaseChoice[] }) {
  const words = useDatasetsWords();
  const form = step.kind === 'length' ? <LengthForm {...{ step, bases, onChange }} /> : formOf(step, onChange);
  if (form === null) return <p className={styles['muted']}>{words(`stepAbout_${step.kind}`)}</p>;
  return (
    <>
      <p className={styles['muted']}>{words(`stepAbout_${step.kind}`)}</p>
      <div className={styles['form']}>{form}</div>
    </>
  );
}

function formOf(step: Exclude<ViewStep, StepOf<'length'>>, onChange: (step: ViewStep) => void) {
  switch (step.kind) {
    case 'language':
      return <LanguageForm step={step} onChange={onChange} />;
    case 'regex':
      return <PatternForm step={step} onChange={onChange} />;
    case 'banned':
      return <BannedForm step={step} onChange={onChange} />;
    case 'echo':
    case 'quality':
    case 'near-duplicates':
      return <LimitForm step={step} onChange={onChange} />;
    case 'code':
    case 'exact-duplicates':
    case 'contamination':
      return <ChoiceForm step={step} onChange={onChange} />;
    case 'pii':
      return <PiiForm step={step} onChange={onChange} />;
    case 'eligible':
      return <EligibleForm step={step} onChange={onChange} />;
    case 'script':
      return <ScriptForm step={step} />;
    case 'refusal':
      return null;
  }
}

function LanguageForm({ step, onChange }: StepFormProps<StepOf<'language'>>) {
  const words = useDatasetsWords();
  return (
    <ListField
      label={words('languagesKept')}
      hint={words('languagesHint')}
      error={isComplete(step) ? null : words('languagesWrong')}
      values={step.keep}
      onChange={(keep) => onChange({ ...step, keep: keep.map((code) => code.toLowerCase()) })}
    />
  );
}

function PatternForm({ step, onChange }: StepFormProps<StepOf<'regex'>>) {
  const words = useDatasetsWords();
  return (
    <>
      <Field label={words('pattern')} error={isComplete(step) ? null : words('patternWrong')}>
        <TextInput
          code
          value={step.pattern}
          onChange={(pattern) => onChange({ ...step, pattern: pattern.slice(0, 500) })}
        />
      </Field>
      <PlaceChoice value={step.place} onChange={(place) => onChange({ ...step, place })} />
      <Field label={words('matches')}>
        <Select
          value={step.keepMatches ? 'keep' : 'drop'}
          onChange={(what) => onChange({ ...step, keepMatches: what === 'keep' })}
          options={(['keep', 'drop'] as const).map((what) => ({ value: what, label: words(`matches_${what}`) }))}
        />
      </Field>
    </>
  );
}

function BannedForm({ step, onChange }: StepFormProps<StepOf<'banned'>>) {
  const words = useDatasetsWords();
  return (
    <ListField
      separator={/\n/}
      label={words('phrases')}
      hint={words('phrasesHint')}
      error={isComplete(step) ? null : words('phrasesNeeded')}
      values={step.phrases}
      onChange={(phrases) => onChange({ ...step, phrases: phrases.slice(0, 500) })}
    />
  );
}

function EligibleForm({ step, onChange }: StepFormProps<StepOf<'eligible'>>) {
  const words = useDatasetsWords();
  return (
    <ListField
      label={words('providers')}
      hint={words('providersHint')}
      error={null}
      values={step.acceptedProviders}
      onChange={(acceptedProviders) => onChange({ ...step, acceptedProviders: [...acceptedProviders] })}
    />
  );
}

/** Its text is changed where scripts are written: a step names it by its digest. */
function ScriptForm({ step: { script, digest, seed } }: Pick<StepFormProps<StepOf<'script'>>, 'step'>) {
  const words = useDatasetsWords();
  return (
    <p className={styles['wide']}>
      <code>{words('stepScript', { script, digest: digest.slice(0, 12) })}</code>
      {seed !== undefined && ` · ${words('stepScriptSeed', { seed })}`}
    </p>
  );
}

/** Steps with one limit between 0 and 1. */
function LimitForm({ step, onChange }: StepFormProps<StepOf<'echo' | 'quality' | 'near-duplicates'>>) {
  const words = useDatasetsWords();
  if (step.kind === 'echo')
    return <Limit word="above" value={step.above} onChange={(above) => onChange({ ...step, above })} />;
  if (step.kind === 'quality')
    return <Limit word="below" value={step.below} onChange={(below) => onChange({ ...step, below })} />;
  return (
    <>
      <Limit
        word="threshold"
        least={0.5}
        value={step.threshold}
        onChange={(threshold) => onChange({ ...step, threshold })}
      />
      <Field label={words('keepWhich')}>
        <Select
          value={step.keep}
          onChange={(keep) => onChange({ ...step, keep })}
          options={(['longest', 'highest-score', 'newest'] as const).map((keep) => ({
            value: keep,
            label: words(`keep_${keep}`),
          }))}
        />
      </Field>
    </>
  );
}

interface LimitProps {
  readonly word: 'above' | 'below' | 'threshold';
  readonly value: number;
  readonly least?: number;
  readonly onChange: (value: number) => void;
}

function Limit({ word, value, least = 0, onChange }: LimitProps) {
  const words = useDatasetsWords();
  return (
    <Field label={words(`limit_${word}`)}>
      <NumberInput min={least} max={1} step={0.05} value={value} onChange={(next) => next !== null && onChange(next)} />
    </Field>
  );
}

/** Steps with one choice among a few. */
function ChoiceForm({ step, onChange }: StepFormProps<StepOf<'code' | 'exact-duplicates' | 'contamination'>>) {
  const words = useDatasetsWords();
  switch (step.kind) {
    case 'code':
      return (
        <Field label={words('codeWants')}>
          <Select
            value={step.wants}
            onChange={(wants) => onChange({ ...step, wants })}
            options={(['present', 'parses', 'absent'] as const).map((value) => ({
              value,
              label: words(`code_${value}`),
            }))}
          />
        </Field>
      );
    case 'exact-duplicates':
      return (
        <Field label={words('equalIn')}>
          <Select
            value={step.over}
            onChange={(over) => onChange({ ...step, over })}
            options={(['prompt', 'answer', 'both'] as const).map((value) => ({ value, label: words(`over_${value}`) }))}
          />
        </Field>
      );
    case 'contamination':
      return (
        <Field label={words('whatToDo')}>
          <Select
            value={step.action}
            onChange={(action) => onChange({ ...step, action })}
            options={(['drop', 'review'] as const).map((value) => ({ value, label: words(`action_${value}`) }))}
          />
        </Field>
      );
  }
}
