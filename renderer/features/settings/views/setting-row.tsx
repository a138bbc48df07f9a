import { useState, type FormEvent } from 'react';
import type { SettingView } from '#contract/settings.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import type { ActState } from '../acts.ts';
import { settingText, variableOf } from '../setting-texts.ts';
import { readSetting } from '../setting-value.ts';
import { useSettingsWords, type SettingsWords } from '../settings-words.ts';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

export interface SettingRowProps extends Pick<ActState, 'failures'> {
  readonly setting: SettingView;
  readonly isBusy: boolean;
  readonly onChange: (key: string, value: SettingView['value'] | null) => void;
}

const originWord = { default: 'originDefault', file: 'originFile', environment: 'originEnvironment' } as const;

/** One key: its name, its control, where its value comes from. */
export function SettingRow({ setting, isBusy, failures, onChange }: SettingRowProps) {
  const words = useSettingsWords();
  const { key, origin, needsRestart } = setting;
  const { name, about } = settingText(setting);
  return (
    <li className={classes['setting']}>
      <div className={classes['settingWords']}>
        <div className={classes['rowTop']}>
          <h3>{name}</h3>
          <code className={classes['figures']}>{key}</code>
          <Badge tone={origin === 'environment' ? 'warn' : origin === 'file' ? 'info' : 'neutral'}>
            {words(originWord[origin])}
          </Badge>
        </div>
        <p className={classes['quiet']}>{about}</p>
        {needsRestart && <p className={classes['figures']}>{words('needsRestart')}</p>}
        {origin === 'environment' && (
          <p className={classes['figures']}>{words('fixedByEnvironment', { variable: variableOf(key) })}</p>
        )}
        <Failure failures={failures} of={key} />
      </div>
      <div className={classes['settingControl']}>
        <Control setting={setting} isBusy={isBusy} name={name} onChange={(value) => onChange(key, value)} />
        {origin === 'file' && setting.value !== setting.default && (
          <Button kind="quiet" busy={isBusy} onClick={() => onChange(key, null)}>
            {words('toDefault', { value: shownValue(words, setting.default) })}
          </Button>
        )}
      </div>
    </li>
  );
}

function shownValue(words: SettingsWords, value: SettingView['value']): string {
  if (typeof value === 'boolean') return words(value ? 'on' : 'off');
  return value === '' ? words('emptyValue') : String(value);
}

interface ControlProps {
  readonly setting: SettingView;
  readonly name: string;
  readonly isBusy: boolean;
  readonly onChange: (value: SettingView['value']) => void;
}

function Control({ setting, name, isBusy, onChange }: ControlProps) {
  const { type, value, origin, choices } = setting;
  const isFixed = origin === 'environment';
  if (type === 'switch')
    return <Switch label={name} checked={value === true} busy={isBusy} disabled={isFixed} onChange={onChange} />;
  if (choices !== undefined)
    return (
      <Select
        label={name}
        value={String(value)}
        disabled={isFixed}
        onChange={onChange}
        options={choices.map((choice) => ({ value: choice, label: choice }))}
      />
    );
  return <Typed setting={setting} name={name} isBusy={isBusy} onChange={onChange} />;
}

/** Typed values are sent when one says so, not at each key. */
function Typed({ setting, name, isBusy, onChange }: ControlProps) {
  const words = useSettingsWords();
  const [typed, setTyped] = useState(String(setting.value));
  const read = readSetting(setting.type, typed);
  const isChanged = typed !== String(setting.value);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (isChanged && read.kind === 'value') onChange(read.value);
  };
  return (
    <form className={classes['typed']} onSubmit={save} noValidate>
      <Field
        label={<span className="visually-hidden">{name}</span>}
        error={isChanged && read.kind === 'wrong' ? words(read.reason) : null}
      >
        <TextInput
          code
          value={typed}
          onChange={setTyped}
          disabled={setting.origin === 'environment'}
          inputMode={setting.type === 'number' ? 'decimal' : 'text'}
        />
      </Field>
      {isChanged && read.kind === 'value' && (
        <Button type="submit" busy={isBusy}>
          {words('save')}
        </Button>
      )}
    </form>
  );
}
