import X from 'lucide-react/icons/x';
import { useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { Button, IconButton } from './button.tsx';
import { classes } from './classes.ts';
import { matchesKeys } from './key-names.ts';
import { ToastContext } from './toast-context.ts';
import { createToastStore, type Toast, type ToastState } from './toast-store.ts';
import styles from './toast.module.css';
import { ToneSign } from './tone-sign.tsx';
import { useUiWords } from './ui-words.ts';
import { useIsMac } from './use-platform.ts';

export { useToast, useUndo } from './toast-context.ts';
export type { ToastRequest, ToastTone, UndoRequest } from './toast-store.ts';

/** Around the whole window, once: keeps the notices while pages come and go. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(() => createToastStore());
  useEffect(() => {
    const leave = (): void => store.getState().dropAll();
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  }, [store]);
  useUndoKey(store);
  return (
    <ToastContext value={store}>
      {children}
      <ToastRegion store={store} />
    </ToastContext>
  );
}

/** The usual undo keys take back the newest deferred act, unless a text is being edited. */
function useUndoKey(store: StoreApi<ToastState>): void {
  const isMac = useIsMac();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!matchesKeys(event, 'Mod+Z', isMac) || isEditing(event.target)) return;
      if (store.getState().undo()) event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [store, isMac]);
}

function isEditing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

/** The notices at the lower right. The clock stands while the pointer or the focus is on them. */
export function ToastRegion({ store }: { readonly store: StoreApi<ToastState> }) {
  const words = useUiWords();
  const { toasts, hold, release } = useStore(store);
  return (
    <section
      className={styles['region']}
      aria-label={words('notices')}
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} store={store} />
      ))}
    </section>
  );
}

function ToastCard({ toast, store }: { readonly toast: Toast; readonly store: StoreApi<ToastState> }) {
  const words = useUiWords();
  const { close, undo } = store.getState();
  const { action } = toast;
  return (
    <div className={classes(styles['toast'], styles[toast.tone])} data-kind={toast.kind}>
      {toast.tone !== 'neutral' && <ToneSign tone={toast.tone} />}
      <p className={styles['text']}>{toast.text}</p>
      {toast.kind === 'undo' && (
        <Button keys="Mod+Z" onClick={() => undo(toast.id)}>
          {words('undo')}
        </Button>
      )}
      {action !== null && (
        <Button
          onClick={() => {
            close(toast.id);
            action.onPress();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={words('close')} icon={<X />} onClick={() => close(toast.id)} />
    </div>
  );
}
