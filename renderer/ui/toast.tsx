import X from 'lucide-react/icons/x';
import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type KeyboardEvent as ReactKeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
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
import { useToastPlace } from './use-toast-place.ts';

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

const noticesKey = 'F8';

/**
 * The notices, at the lower right where they cover nothing there. The clock stands while the pointer or the focus is on them; F8 leads to the newest,
 * Escape back to where one was.
 */
export function ToastRegion({ store }: { readonly store: StoreApi<ToastState> }) {
  const words = useUiWords();
  const { toasts } = useStore(store);
  const region = useRef<HTMLElement>(null);
  const { isHeld, ...holding } = useHolding(store, toasts.length === 0);
  const place = useToastPlace(region, { count: toasts.length, isHeld });
  const goBack = useNoticesKey(region, toasts.length);
  const onKeyDown = (event: ReactKeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    goBack();
  };
  return (
    <section
      ref={region}
      className={styles['region']}
      data-place={place}
      aria-label={words('notices')}
      aria-keyshortcuts={noticesKey}
      aria-live="polite"
      aria-relevant="additions"
      onKeyDown={onKeyDown}
      {...holding}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} store={store} />
      ))}
    </section>
  );
}

/** Stops the clock, and keeps them in their place, while somebody is at them. */
function useHolding(store: StoreApi<ToastState>, isEmpty: boolean) {
  const held = useRef(false);
  useEffect(() => {
    // The last one went from under the pointer: nothing tells of its leaving.
    if (isEmpty) held.current = false;
  }, [isEmpty]);
  const isHeld = useCallback(() => held.current, []);
  const hold = (): void => {
    held.current = true;
    store.getState().hold();
  };
  const release = (): void => {
    held.current = false;
    store.getState().release();
  };
  return { isHeld, onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release };
}

/** F8 goes to the newest notice. Returns how to go back; a notice that goes with the focus on it gives it back by itself. */
function useNoticesKey(region: RefObject<HTMLElement | null>, count: number): () => void {
  const from = useRef<HTMLElement | null>(null);
  const goBack = useCallback(() => {
    const place = from.current;
    from.current = null;
    if (place?.isConnected === true) place.focus();
    else document.querySelector<HTMLElement>('#content')?.focus();
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const newest = [...(region.current?.children ?? [])].at(-1)?.querySelector<HTMLElement>('button');
      if (event.key !== noticesKey || newest == null) return;
      event.preventDefault();
      const { activeElement } = document;
      if (region.current?.contains(activeElement) !== true)
        from.current = activeElement instanceof HTMLElement ? activeElement : null;
      newest.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [region]);
  useEffect(() => {
    if (from.current !== null && document.activeElement === document.body) goBack();
  }, [count, goBack]);
  return goBack;
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
