import { createContext, use } from 'react';
import type { ShellApi } from './shell-api.ts';

export const ShellContext = createContext<ShellApi | null>(null);

export function useShell(): ShellApi {
  const shell = use(ShellContext);
  if (shell === null) throw new Error('There is no ShellContext above this component.');
  return shell;
}
