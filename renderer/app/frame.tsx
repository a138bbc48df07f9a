import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useEngine } from '../connection/engine-context.tsx';
import { useStoreOf } from '../connection/use-store.ts';
import { useShell } from '../shell/use-shell.ts';
import { rememberAppearance } from './appearance.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { createFrameStore } from './frame-store.ts';
import { useFrameWords } from './frame-words.ts';
import { speakerNow } from '../words/speaker.ts';
import classes from './frame.module.css';
import { Rail } from './rail.tsx';
import { RefusedPage } from './refused-page.tsx';
import { StatusBar } from './status-bar.tsx';

const Palette = lazy(() => import('./palette.tsx').then(({ Palette: component }) => ({ default: component })));

/** What stands around every page: places at the left, the page, the status bar below, the palette over all. */
export function Frame() {
  const words = useFrameWords();
  const palette = usePalette();
  useEndNotices();
  useNoStrayDrop();
  useEngineAppearance();
  return (
    <div className={classes['frame']}>
      <a className={classes['skip']} href="#content" onClick={focusContent}>
        {words('skip')}
      </a>
      <Rail onPalette={palette.show} />
      <main id="content" tabIndex={-1} className={classes['content']}>
        <ConnectionBanner />
        <Content />
      </main>
      <StatusBar />
      {palette.wanted && (
        <Suspense>
          <Palette open={palette.open} onClose={palette.hide} />
        </Suspense>
      )}
    </div>
  );
}

/** The page; where the engine will not have this window and nothing was ever on it, what to do about that instead of waiting for it. */
function Content() {
  const wire = useStore(useEngine().wire);
  if (wire.kind === 'refused' && !wire.wasLive) return <RefusedPage wire={wire} />;
  return (
    <Suspense>
      <Outlet />
    </Suspense>
  );
}

/** The address must stay the route's, so the skip link moves the focus itself. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#content')?.focus();
}

function usePalette() {
  const [state, setState] = useState({ wanted: false, open: false });
  const shell = useShell();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const modifier = shell.platform === 'darwin' ? event.metaKey : event.ctrlKey;
      if (!modifier || event.key.toLowerCase() !== 'k' || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setState(({ open }) => ({ wanted: true, open: !open }));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [shell]);
  return {
    ...state,
    show: () => setState({ wanted: true, open: true }),
    hide: () => setState({ wanted: true, open: false }),
  };
}

/** Theme and language as the engine keeps them, for every window alike. */
function useEngineAppearance(): void {
  const shell = useShell();
  const appearance = useStoreOf(createFrameStore, (state) => state.appearance);
  useEffect(() => {
    if (appearance === null) return;
    rememberAppearance(appearance);
    void shell.setAppearance(appearance);
  }, [appearance, shell]);
}

/** A file that misses every drop field would make a browser leave Forge for it. Fields that take files stop the event before it gets here. */
function useNoStrayDrop(): void {
  useEffect(() => {
    const refuse = (event: DragEvent): void => {
      if (event.defaultPrevented || document.body.dataset['takesFiles'] === 'yes') return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
    };
    addEventListener('dragover', refuse);
    addEventListener('drop', refuse);
    return () => {
      removeEventListener('dragover', refuse);
      removeEventListener('drop', refuse);
    };
  }, []);
}

/** Tells the system when long work has ended; the shell decides whether anybody has to be told. */
function useEndNotices(): void {
  const shell = useShell();
  const newest = useStoreOf(createFrameStore, ({ ended }) => ended.at(-1) ?? null);
  useEffect(() => {
    if (newest === null) return;
    const name = `${newest.name}:v${newest.version}`;
    const isReady = newest.state === 'succeeded';
    void shell.notify({
      title: useFrameWords.now(isReady ? 'finishedTitle' : 'failedTitle', { name }),
      body: speakerNow()
        .say((isReady ? newest.result?.verdict : newest.failure?.message) ?? '')
        .slice(0, 400),
      link: `#/runs/${encodeURIComponent(newest.id)}`,
    });
  }, [newest, shell]);
}
