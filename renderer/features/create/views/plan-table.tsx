import { Badge } from '../../../ui/badge.tsx';
import { Term } from '../../../ui/term.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { TermId } from '../../../words/glossary.ts';
import type { PlanPreview } from '#contract/plan-preview.ts';
import type { RecipeSettings } from '#contract/recipes.ts';
import { planFields } from '../plan-fields.ts';
import { settingText } from '../plan-values.ts';
import { usePlanWords } from '../plan-words.ts';
import { Said } from '../../../words/said.tsx';
import styles from './plan-step.module.css';

/** Settings whose name is a term of the trade. */
export const termOfSetting: Readonly<Partial<Record<keyof RecipeSettings, TermId>>> = {
  method: 'lora',
  rank: 'rank',
  learningRate: 'learning-rate',
  epochs: 'epoch',
  microBatchSize: 'batch',
  gradientAccumulation: 'gradient-accumulation',
  gradientClip: 'gradient-norm',
  maxLength: 'token',
  evaluateEverySteps: 'validation-loss',
  checkpointEverySeconds: 'checkpoint',
};

/** Every setting with its value and why it has it. */
export function PlanTable({ preview, own }: { readonly preview: PlanPreview | null; readonly own: RecipeSettings }) {
  const words = usePlanWords();
  if (preview === null) return <Skeleton lines={8} height={1.75} />;
  return (
    <div className={styles['tableBox']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{words('setting')}</th>
            <th scope="col">{words('value')}</th>
            <th scope="col">{words('why')}</th>
          </tr>
        </thead>
        <tbody>
          {planFields.map(({ setting }) => (
            <tr key={setting}>
              <th scope="row">
                <SettingName setting={setting} />
              </th>
              <td className={styles['value']}>{settingText(setting, preview.recipe[setting], words)}</td>
              <td className={styles['why']}>
                {setting in own ? (
                  <Badge tone="accent">{words('byHand')}</Badge>
                ) : (
                  <Said text={preview.reasons[setting] ?? ''} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function SettingName({ setting }: { readonly setting: keyof RecipeSettings }) {
  const words = usePlanWords();
  const term = termOfSetting[setting];
  return term === undefined ? words(setting) : <Term id={term}>{words(setting)}</Term>;
}
