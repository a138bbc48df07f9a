import { useEffect } from 'react';
import { createFrameStore } from '../../../app/frame-store.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { createServerStore } from '../server-store.ts';
import { ServerView } from './server-view.tsx';

/** `/server` */
export function ServerPage() {
  const serving = useStoreOf(createFrameStore, (state) => state.serving);
  const state = useStoreOf(createServerStore, (all) => all);
  const { open } = state;
  useEffect(() => open(), [open]);
  return <ServerView serving={serving} data={state} acts={state} />;
}
