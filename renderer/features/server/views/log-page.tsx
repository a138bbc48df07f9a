import { useEffect } from 'react';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { createLogStore } from '../log-store.ts';
import { LogView } from './log-view.tsx';

/** `/server/log` */
export function LogPage() {
  const log = useStoreOf(createLogStore, (all) => all);
  const shell = useShell();
  const { open, setMinimum, readEarlier } = log;
  useEffect(() => open(), [open]);
  return (
    <LogView
      log={log}
      onMinimum={setMinimum}
      onEarlier={() => void readEarlier()}
      onReveal={shell.kind === 'desktop' ? (file) => void shell.reveal(file) : null}
    />
  );
}
