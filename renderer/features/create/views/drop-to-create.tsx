import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Dropped } from '../../../ui/dropped-files.ts';
import { useCreateWords } from '../create-words.ts';
import styles from './drop-to-create.module.css';
import { useWindowDrop } from './window-drop.ts';

const StartFromFiles = lazy(() =>
  import('./start-from-files.tsx').then((module) => ({ default: module.StartFromFiles })),
);

/** Around a page: a file dropped anywhere on the window begins a model of it. */
export function DropToCreate({ children }: { readonly children: ReactNode }) {
  return (
    <>
      {children}
      <DropTarget />
    </>
  );
}

/** The same without a page around it, for pages that load it after themselves. The wizard's stores are fetched by the first drop. */
export function DropTarget() {
  const words = useCreateWords();
  const [dropped, setDropped] = useState<Dropped | null>(null);
  const isOver = useWindowDrop((files, folders) => setDropped({ files, folders }));
  return (
    <>
      {dropped !== null && (
        <Suspense>
          <StartFromFiles dropped={dropped} />
        </Suspense>
      )}
      {isOver && (
        <div className={styles['veil']} aria-hidden>
          <p className={styles['card']}>{words('dropAnywhere')}</p>
        </div>
      )}
    </>
  );
}
