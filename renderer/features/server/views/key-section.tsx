import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Section } from '../../../ui/page.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useToast } from '../../../ui/toast-context.ts';
import { useServerWords } from '../server-words.ts';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';

/** The key goes from the engine to the clipboard when it is asked for; the window never holds it. */
export function KeySection({ serving, data, acts }: ServerPartProps) {
  const words = useServerWords();
  const toast = useToast();
  const [isAsking, setIsAsking] = useState(false);
  const renew = async (): Promise<void> => {
    setIsAsking(false);
    const isRenewed = await acts.setKey({ required: serving.keyRequired, renew: true });
    if (isRenewed) toast({ tone: 'good', text: words('renewed') });
  };
  return (
    <Section title={words('key')} hint={words('keyText')}>
      <Switch
        checked={serving.keyRequired}
        busy={data.busy.has('key')}
        hint={words('requireKeyHint')}
        onChange={(required) => void acts.setKey({ required })}
      >
        {words('requireKey')}
      </Switch>
      <div className={classes['buttons']}>
        <CopyButton kind="plain" label={words('copyKey')} getText={acts.readKey}>
          {words('copyKey')}
        </CopyButton>
        <Button kind="quiet" busy={data.busy.has('key')} onClick={() => setIsAsking(true)}>
          {words('renewKey')}
        </Button>
      </div>
      <Dialog
        open={isAsking}
        onClose={() => setIsAsking(false)}
        title={words('renewTitle')}
        footer={
          <>
            <Button onClick={() => setIsAsking(false)}>{words('keep')}</Button>
            <Button kind="danger" onClick={() => void renew()}>
              {words('renewKey')}
            </Button>
          </>
        }
      >
        <p>{words('renewText')}</p>
      </Dialog>
    </Section>
  );
}
