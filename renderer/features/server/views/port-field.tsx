import { useState, type FormEvent } from 'react';
import type { ServingView } from '#contract/serving-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { isUsablePort } from '../server-remedy.ts';
import { useServerWords } from '../server-words.ts';
import classes from './server.module.css';

export interface PortFieldProps {
  readonly serving: ServingView;
  readonly isBusy: boolean;
  readonly onUse: (port: number) => void;
}

/** The port as text, because a port has no thousands; the button comes with a change. */
export function PortField({ serving, isBusy, onUse }: PortFieldProps) {
  const words = useServerWords();
  const [typed, setTyped] = useState(String(serving.port));
  const port = /^\d{1,5}$/.test(typed.trim()) ? Number(typed.trim()) : null;
  const isUsable = isUsablePort(port);
  const isChanged = port !== serving.port;
  const use = (event: FormEvent): void => {
    event.preventDefault();
    if (isUsable && isChanged) onUse(port);
  };
  return (
    <form className={classes['port']} onSubmit={use} noValidate>
      <Field label={words('port')} error={isChanged && !isUsable ? words('portWrong') : null}>
        <TextInput code inputMode="numeric" value={typed} onChange={setTyped} />
      </Field>
      {isChanged && isUsable && (
        <Button type="submit" busy={isBusy}>
          {serving.running ? words('usePort') : words('startOnPort', { port })}
        </Button>
      )}
    </form>
  );
}
