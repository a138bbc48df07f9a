import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import type { MainJobDraft } from '#contract/drafts.ts';
import type { RecipeSettings } from '#contract/recipes.ts';
import { fieldGroups, planFields } from '../plan-fields.ts';
import { formValues, planFormSchema, type JobFields, type PlanFormValues } from '../plan-form-values.ts';
import { usePlanWords } from '../plan-words.ts';
import { JobSettings } from './plan-job-fields.tsx';
import { SettingField } from './plan-field.tsx';
import styles from './plan-step.module.css';

export interface PlanFormProps {
  readonly request: MainJobDraft['request'];
  /** The effective recipe; null while the first plan is being made. */
  readonly recipe: Readonly<Record<string, unknown>> | null;
  readonly reasons: Readonly<Record<string, string>>;
  /** What the engine refused, by setting. */
  readonly problems: Readonly<Partial<Record<keyof RecipeSettings, string>>>;
  /** `undefined` gives the setting back to Forge. */
  readonly onSetting: (setting: keyof RecipeSettings, value: unknown) => void;
  readonly onJobField: <K extends keyof JobFields>(field: K, value: JobFields[K]) => void;
}

/** Every setting as a form. What is changed becomes "set by hand" at once; what is emptied goes back to Forge. */
export function PlanForm(props: PlanFormProps) {
  const words = usePlanWords();
  const { request, recipe, reasons, problems, onSetting } = props;
  const form = usePlanForm(props);
  return (
    <FormProvider {...form}>
      <div className={styles['groups']}>
        {fieldGroups.map((group) => (
          <div key={group} className={styles['group']} role="group" aria-label={words(`group_${group}`)}>
            <h3>{words(`group_${group}`)}</h3>
            <div className={styles['fields']}>
              {planFields
                .filter((field) => field.group === group)
                .map((field) => (
                  <SettingField
                    key={field.setting}
                    field={field}
                    planned={recipe?.[field.setting]}
                    reason={reasons[field.setting] ?? null}
                    problem={problems[field.setting] ?? null}
                    isByHand={request.settings !== undefined && field.setting in request.settings}
                    onReset={() => onSetting(field.setting, undefined)}
                  />
                ))}
            </div>
          </div>
        ))}
        <JobSettings />
      </div>
    </FormProvider>
  );
}

/** The form's values follow the plan; its valid changes go out. */
function usePlanForm({ request, recipe, onSetting, onJobField }: PlanFormProps) {
  const form = useForm<PlanFormValues>({
    values: formValues(request, recipe),
    resolver: zodResolver(planFormSchema),
    mode: 'onChange',
  });
  const { subscribe } = form;
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values, name, type }) => {
          if (type !== 'change' || name === undefined) return;
          const read = planFormSchema.safeParse(values);
          const isBad = read.error?.issues.some((issue) => name.startsWith(issue.path.join('.'))) ?? false;
          if (!isBad) tell(name, values, { onSetting, onJobField });
        },
      }),
    [subscribe, onSetting, onJobField],
  );
  return form;
}

function tell(
  name: string,
  values: PlanFormValues,
  { onSetting, onJobField }: Pick<PlanFormProps, 'onSetting' | 'onJobField'>,
): void {
  const [part, key] = name.split('.');
  if (part === 'settings') onSetting(key as keyof RecipeSettings, values.settings[key as keyof RecipeSettings]);
  if (part === 'job') onJobField(key as keyof JobFields, values.job[key as keyof JobFields]);
}
