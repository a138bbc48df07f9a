import { createStore, type StoreApi } from 'zustand/vanilla';
import { deferAct, windowClock, type Clock, type DeferredAct } from './deferred-act.ts';

export type ToastTone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';

export interface ToastRequest {
  readonly text: string;
  readonly tone?: ToastTone;
  /** One thing that can be done about it. */
  readonly action?: { readonly label: string; readonly onPress: () => void } | undefined;
  /** How long it stays; 6 s, with an action 10 s. */
  readonly durationMs?: number;
}

export interface UndoRequest {
  /** What was done, in the past tense: "Run removed." */
  readonly text: string;
  /** Puts back what the page already hid; runs on Undo. */
  readonly undo?: (() => void) | undefined;
  /** Does it for good; runs when the time is over or the notice is closed, never after Undo and never twice. */
  readonly commit: () => void | Promise<void>;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: ToastTone;
  readonly kind: 'message' | 'undo';
  readonly action: { readonly label: string; readonly onPress: () => void } | null;
}

export interface ToastState {
  readonly toasts: readonly Toast[];
  readonly show: (request: ToastRequest) => void;
  readonly offerUndo: (request: UndoRequest) => void;
  /** Closes one; what it had deferred is done now. */
  readonly close: (id: number) => void;
  /** Takes back one, or the newest that can be; false when there is none. */
  readonly undo: (id?: number) => boolean;
  readonly hold: () => void;
  readonly release: () => void;
  /** The window goes: nothing that was not due happens. */
  readonly dropAll: () => void;
}

export const undoTimeMs = 10_000;
const messageTimeMs = 6_000;
const mostShown = 4;

export function createToastStore(clock: Clock = windowClock): StoreApi<ToastState> {
  const acts = new Map<number, DeferredAct>();
  let lastId = 0;
  return createStore<ToastState>((set, get) => {
    const leave = (id: number): void => {
      acts.delete(id);
      set({ toasts: get().toasts.filter((toast) => toast.id !== id) });
    };
    const add = (toast: Omit<Toast, 'id'>, act: (id: number) => DeferredAct): void => {
      lastId += 1;
      acts.set(lastId, act(lastId));
      set({ toasts: [...get().toasts, { ...toast, id: lastId }] });
      // What is pushed out was read or not; its deferred act is due, for nobody can take it back any more.
      for (const old of get().toasts.slice(0, -mostShown)) get().close(old.id);
    };
    return {
      toasts: [],
      show({ text, tone = 'neutral', action, durationMs = action === undefined ? messageTimeMs : undoTimeMs }) {
        const known = get().toasts.find((toast) => toast.text === text && toast.kind === 'message');
        if (known !== undefined) get().close(known.id);
        add({ text, tone, kind: 'message', action: action ?? null }, (id) =>
          deferAct({ delayMs: durationMs, clock, commit: () => leave(id) }),
        );
      },
      offerUndo({ text, undo, commit }) {
        const settleBy = (id: number) => () => {
          leave(id);
          Promise.resolve()
            .then(commit)
            .catch((error: unknown) => get().show({ tone: 'bad', text: messageOf(error) }));
        };
        add({ text, tone: 'neutral', kind: 'undo', action: null }, (id) => {
          const takeBack = (): void => {
            leave(id);
            undo?.();
          };
          return deferAct({ delayMs: undoTimeMs, clock, commit: settleBy(id), undo: takeBack });
        });
      },
      close: (id) => acts.get(id)?.commitNow(),
      undo(id) {
        const found = id ?? get().toasts.findLast((toast) => toast.kind === 'undo')?.id;
        return found !== undefined && get().toasts.some((toast) => toast.id === found && toast.kind === 'undo')
          ? (acts.get(found)?.undo() ?? false)
          : false;
      },
      hold: () => acts.forEach((act) => act.hold()),
      release: () => acts.forEach((act) => act.release()),
      dropAll() {
        acts.forEach((act) => act.drop());
        acts.clear();
        set({ toasts: [] });
      },
    };
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
