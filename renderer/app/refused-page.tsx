import { useState } from 'react';
import type { RefusedWire } from '../connection/keep-connected.ts';
import { useShell } from '../shell/use-shell.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Notice } from '../ui/notice.tsx';
import { useFrameWords } from './frame-words.ts';

/** An engine that will not have this window, for good: what is the matter, and the one thing that mends it. Above a page that can still be read. */
export function RefusedNotice({ wire }: { readonly wire: RefusedWire }) {
  const { title, text, action } = useRefusal(wire);
  return (
    <Notice tone="bad" title={title} action={action}>
      {text}
    </Notice>
  );
}

/** The same in place of a page that never came. */
export function RefusedPage({ wire }: { readonly wire: RefusedWire }) {
  const { title, text, action } = useRefusal(wire);
  return (
    <div role="alert">
      <EmptyState title={title} text={text} actions={action} />
    </div>
  );
}

function useRefusal({ reason }: RefusedWire) {
  const words = useFrameWords();
  const restart = useRestart();
  const reload = (
    <Button kind="primary" onClick={() => location.reload()}>
      {words('reload')}
    </Button>
  );
  const copy = (command: string) => (
    <CopyButton kind="plain" text={command} label={words('copyCommand')}>
      {words('copyCommand')}
    </CopyButton>
  );
  if (reason === 'door') {
    return { title: words('refusedDoorTitle'), text: words('refusedDoor'), action: copy('forge ui') };
  }
  if (restart !== null) {
    return {
      title: words('otherEngineTitle'),
      text: restart.hasFailed ? words('restartFailed') : words('otherEngine'),
      action: (
        <Button kind="primary" busy={restart.isRunning} onClick={() => void restart.run()}>
          {words('restartEngine')}
        </Button>
      ),
    };
  }
  return reason === 'newer-engine'
    ? { title: words('olderWindowTitle'), text: words('olderWindow'), action: reload }
    : { title: words('olderEngineTitle'), text: words('olderEngine'), action: copy('forge stop && forge ui') };
}

/** Only the desktop shell can put another engine in the place of this one; null in a browser. */
function useRestart() {
  const { restartEngine } = useShell();
  const [state, setState] = useState<'offered' | 'running' | 'failed'>('offered');
  if (restartEngine === null) return null;
  return {
    isRunning: state === 'running',
    hasFailed: state === 'failed',
    async run(): Promise<void> {
      setState('running');
      const isReplaced = await restartEngine().catch(() => false);
      if (isReplaced) location.reload();
      else setState('failed');
    },
  };
}
