import { useStore } from 'zustand';
import { useEngine } from '../connection/engine-context.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useFrameWords } from './frame-words.ts';

/** Says when what is seen may be old, and what follows from it. Nothing while all is well. */
export function ConnectionBanner() {
  const words = useFrameWords();
  const wire = useStore(useEngine().wire);
  if (wire.kind === 'live') return null;
  if (wire.kind === 'connecting') return null;
  if (wire.kind === 'lost') return <Notice tone="warn">{words('lost', { seconds: wire.retrySeconds })}</Notice>;
  if (wire.reason === 'door') return <Notice tone="bad">{words('refusedDoor')}</Notice>;
  return (
    <Notice tone="bad" action={<Button onClick={() => location.reload()}>{words('reload')}</Button>}>
      {words('refusedVersion')}
    </Notice>
  );
}
