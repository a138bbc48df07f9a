import { use } from 'react';
import { ShellContext } from '../shell/use-shell.ts';

/** True where the command key takes Ctrl's part. */
export function useIsMac(): boolean {
  return use(ShellContext)?.platform === 'darwin';
}
