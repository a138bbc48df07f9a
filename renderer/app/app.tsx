import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import type { EngineAccess } from '../connection/engine-access.ts';
import { EngineProvider } from '../connection/engine-context.tsx';
import type { ShellApi } from '../shell/shell-api.ts';
import { ShellContext } from '../shell/use-shell.ts';
import { ToastProvider } from '../ui/toast.tsx';
import { createWindowRouter } from './router.tsx';

/** Commands of the desktop's menu (electron/main/application-menu.ts). */
const placeOfCommand = new Map([
  ['new-model', '/create'],
  ['settings', '/settings'],
]);

/** The whole window: what surrounds it, its engine, its pages. */
export function App({ engine, shell }: { readonly engine: EngineAccess; readonly shell: ShellApi }) {
  const router = useMemo(() => createWindowRouter(), []);
  useEffect(() => shell.onOpen((link) => void router.navigate({ to: link.replace(/^#/, '') })), [router, shell]);
  useEffect(
    () =>
      shell.onCommand((command) => {
        const to = placeOfCommand.get(command);
        if (to !== undefined) void router.navigate({ to });
      }),
    [router, shell],
  );
  return (
    <ShellContext value={shell}>
      <EngineProvider engine={engine}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </EngineProvider>
    </ShellContext>
  );
}
