export { useUndo } from './toast-context.ts';
export type { UndoRequest } from './toast-store.ts';
