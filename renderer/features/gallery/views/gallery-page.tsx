import { useLocation, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { setLanguage } from '../../../words/language.ts';
import type { GalleryEntry } from '../../../ui/gallery-entry.ts';
import { entriesOf, type GalleryModule } from '../gallery-list.ts';
import { useGalleryWords } from '../gallery-words.ts';
import { GalleryIndex } from './gallery-index.tsx';
import styles from './gallery-page.module.css';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { LinkButton } from '../../../ui/button.tsx';

const modules = import.meta.glob<GalleryModule>(['../../*/gallery.tsx', '../kit/*-entries.tsx']);

/** `/gallery`: every state of every component. `/gallery/<id>`: one alone, without the frame, for a look or a picture. */
export function GalleryPage() {
  const { id } = useParams({ strict: false }) as { readonly id?: string };
  useWishes();
  return (
    <Suspense>
      <Loaded id={id === undefined ? null : decodeURIComponent(id)} />
    </Suspense>
  );
}

const Loaded = lazy(async () => {
  const loaded = await Promise.all(Object.values(modules).map((load) => load()));
  const entries = entriesOf(loaded);
  return {
    default: ({ id }: { readonly id: string | null }) =>
      id === null ? <GalleryIndex entries={entries} /> : <Alone id={id} entries={entries} />,
  };
});

function Alone({ id, entries }: { readonly id: string; readonly entries: readonly GalleryEntry[] }) {
  const words = useGalleryWords();
  const entry = useMemo(() => entries.find((known) => known.id === id), [entries, id]);
  if (entry === undefined) {
    return (
      <EmptyState
        title={words('unknownTitle')}
        text={words('unknownText', { id })}
        actions={<LinkButton to="/gallery">{words('toIndex')}</LinkButton>}
      />
    );
  }
  return (
    <main className={styles['alone']} data-gallery={entry.id}>
      <title>{`${entry.title} · Forge`}</title>
      {entry.render()}
    </main>
  );
}

/** `?theme=light&language=de` in the address; nothing is remembered. */
function useWishes(): void {
  const { search } = useLocation();
  const { theme, language } = search as Readonly<Record<string, unknown>>;
  useEffect(() => {
    if (theme === 'dark' || theme === 'light' || theme === 'contrast')
      document.documentElement.dataset['theme'] = theme;
    if (language === 'en' || language === 'de') setLanguage(language);
  }, [theme, language]);
}
