import { Checkbox } from '../../../../ui/checkbox.tsx';
import { Field } from '../../../../ui/field.tsx';
import { NumberInput } from '../../../../ui/number-input.tsx';
import { useDatasetsWords } from '../../datasets-words.ts';
import type { ScriptDraft, ScriptsState } from '../scripts-store.ts';
import styles from './script.module.css';

interface ScriptAllowancesProps {
  readonly draft: ScriptDraft;
  readonly onChange: ScriptsState['change'];
}

/** Clock and chance are there only for those who ask (D-29). */
export function ScriptAllowances({ draft: { allow, seed }, onChange }: ScriptAllowancesProps) {
  const words = useDatasetsWords();
  return (
    <fieldset className={styles['allow']}>
      <legend>{words('allowTitle')}</legend>
      <Checkbox
        checked={allow.clock}
        onChange={(clock) => onChange({ allow: { ...allow, clock } })}
        hint={words('allowClockHint')}
      >
        {words('allowClock')}
      </Checkbox>
      <Checkbox
        checked={allow.random}
        onChange={(random) => onChange({ allow: { ...allow, random } })}
        hint={words('allowRandomHint')}
      >
        {words('allowRandom')}
      </Checkbox>
      {allow.random && (
        <Field label={words('seed')}>
          <NumberInput
            min={0}
            max={2_147_483_647}
            step={1}
            value={seed}
            onChange={(next) => onChange({ seed: Math.round(next ?? 0) })}
          />
        </Field>
      )}
    </fieldset>
  );
}
