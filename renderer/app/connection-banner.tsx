import { useStore } from 'zustand';
import { useEngine } from '../connection/engine-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { useFrameWords } from './frame-words.ts';
import { RefusedNotice } from './refused-page.tsx';

/** Says when what is seen may be old, and what follows from it. Nothing while all is well. */
export function ConnectionBanner() {
  const words = useFrameWords();
  const wire = useStore(useEngine().wire);
  if (wire.kind === 'lost') return <Notice tone="warn">{words('lost', { seconds: wire.retrySeconds })}</Notice>;
  if (wire.kind === 'refused' && wire.wasLive) return <RefusedNotice wire={wire} />;
  return null;
}
