import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronUp from 'lucide-react/icons/chevron-up';
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import '@xterm/xterm/css/xterm.css';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatBytes } from '../../../words/format.ts';
import { useRunsWords } from '../runs-words.ts';
import classes from './console.module.css';
import type { ConsoleSource } from './console-source.ts';
import type { ConsoleTerminal } from './terminal.ts';
import { useConsole } from './use-console.ts';

export interface ConsoleViewProps {
  readonly source: ConsoleSource;
  readonly name: string;
}

/** What the process prints, as it prints it: follow, find, copy, and what came before from the disk. */
export function ConsoleView({ source, name }: ConsoleViewProps) {
  const words = useRunsWords();
  const hostRef = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const console = useConsole({ source, name, hostRef, onFollow: setFollowing });
  const follow = (wanted: boolean): void => {
    setFollowing(wanted);
    console.terminalRef.current?.setFollow(wanted);
  };
  return (
    <div className={classes['console']}>
      <div className={classes['bar']}>
        <FindBox terminalRef={console.terminalRef} />
        <span className={classes['barEnd']}>
          {console.before > 0 && (
            <Button
              kind="quiet"
              onClick={console.showOlder}
              title={words('consoleEarlier', { size: formatBytes(console.before) })}
            >
              {words('consoleOlder')}
            </Button>
          )}
          {console.isOlder ? (
            <Button onClick={console.showNewest}>{words('consoleNewest')}</Button>
          ) : (
            <Switch checked={isFollowing} onChange={follow}>
              {words('consoleFollow')}
            </Switch>
          )}
          <CopyButton label={words('consoleCopy')} getText={() => console.terminalRef.current?.text() ?? ''} />
        </span>
      </div>
      <div ref={hostRef} className={classes['screen']} role="region" aria-label={words('consoleLabel', { name })} />
      {console.isEmpty && (
        <p className={classes['nothing']}>{words(console.hasEnded ? 'consoleSilent' : 'consoleNone')}</p>
      )}
    </div>
  );
}

function FindBox({ terminalRef }: { readonly terminalRef: RefObject<ConsoleTerminal | null> }) {
  const words = useRunsWords();
  const id = useId();
  const [text, setText] = useState('');
  const [found, setFound] = useState<number | null>(null);
  const find = (sought: string, direction: 1 | -1): void => {
    setText(sought);
    setFound(sought === '' ? null : (terminalRef.current?.find(sought, direction) ?? 0));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    find(text, event.shiftKey ? -1 : 1);
  };
  return (
    <span className={classes['find']} role="search">
      <TextInput
        type="search"
        label={words('consoleSearch')}
        placeholder={words('consoleSearch')}
        value={text}
        aria-describedby={id}
        onChange={(sought) => find(sought, 1)}
        onKeyDown={onKey}
      />
      <IconButton
        label={words('consolePrevious')}
        keys="Shift+Enter"
        icon={<ChevronUp aria-hidden="true" />}
        onClick={() => find(text, -1)}
      />
      <IconButton
        label={words('consoleNext')}
        keys="Enter"
        icon={<ChevronDown aria-hidden="true" />}
        onClick={() => find(text, 1)}
      />
      <span id={id} role="status" className={classes['found']}>
        {found === null ? '' : found === 0 ? words('consoleNoMatch') : words('consoleMatches', { count: found })}
      </span>
    </span>
  );
}
