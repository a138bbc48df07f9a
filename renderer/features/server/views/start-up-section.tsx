import { useEffect, useState } from 'react';
import type { LoginItem } from '#contract/shell.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Section } from '../../../ui/page.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useServerWords } from '../server-words.ts';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';

/** What happens by itself when the machine and Forge start, and where it is written down. */
export function StartUpSection({ data, acts }: ServerPartProps) {
  const words = useServerWords();
  const { startsWithEngine, logFile } = data;
  const isFixed = startsWithEngine?.origin === 'environment';
  return (
    <>
      <Section title={words('startUp')}>
        {startsWithEngine !== null && (
          <Switch
            checked={startsWithEngine.value === true}
            busy={data.busy.has('login')}
            disabled={isFixed}
            hint={words(isFixed ? 'fromEnvironment' : 'startWithEngineHint')}
            onChange={(starts) => void acts.setStartsWithEngine(starts)}
          >
            {words('startWithEngine')}
          </Switch>
        )}
        <LoginSwitch />
      </Section>
      <Section title={words('log')} hint={words('logText')}>
        <div>
          <LinkButton to="/server/log">{words('readLog')}</LinkButton>
        </div>
        {logFile !== null && <LogFile path={logFile} />}
      </Section>
    </>
  );
}

/** The login item is the system's: the shell has it, not the engine. */
function LoginSwitch() {
  const words = useServerWords();
  const shell = useShell();
  const [item, setItem] = useState<LoginItem | null>(null);
  useEffect(() => {
    let isHere = true;
    void shell.loginItem().then((found) => isHere && setItem(found));
    return () => {
      isHere = false;
    };
  }, [shell]);
  if (item === null) return null;
  if (!item.canChange) {
    const reason = item.reason === 'browser' ? words('loginBrowser') : (item.reason ?? words('loginNotHere'));
    return <p className={classes['figures']}>{reason}</p>;
  }
  return (
    <Switch checked={item.openAtLogin} onChange={(open) => void shell.setLoginItem(open).then(setItem)}>
      {words('startAtLogin')}
    </Switch>
  );
}

function LogFile({ path }: { readonly path: string }) {
  const words = useServerWords();
  const shell = useShell();
  return (
    <div className={classes['logFile']}>
      <code className={classes['path']}>{path}</code>
      <CopyButton text={path} label={words('copyLogPath')} />
      {shell.kind === 'desktop' && <Button onClick={() => void shell.reveal(path)}>{words('reveal')}</Button>}
    </div>
  );
}
