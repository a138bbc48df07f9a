import { createContext, use } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { ToastRequest, ToastState, UndoRequest } from './toast-store.ts';

export const ToastContext = createContext<StoreApi<ToastState> | null>(null);

function useToastStore(): StoreApi<ToastState> {
  const store = use(ToastContext);
  if (store === null) throw new Error('There is no ToastProvider above this component.');
  return store;
}

/** `const toast = useToast(); toast({ text: words('saved') })`. For what happened elsewhere or later; not for the error of a field. */
export function useToast(): (request: ToastRequest) => void {
  return useToastStore().getState().show;
}

/**
 * `const offerUndo = useUndo(); offerUndo({ text: words('removed'), undo: putBack, commit: remove })`.
 * Hide the thing at once, call this, and let `commit` do it for good: after 10 s or when the notice is closed, exactly once, and never
 * after Undo. A window that closes first commits nothing.
 */
export function useUndo(): (request: UndoRequest) => void {
  return useToastStore().getState().offerUndo;
}
