import { useState } from 'react';
import { currentLanguage, setLanguage, type Language } from '../../../words/language.ts';
import type { GalleryEntry } from '../../../ui/gallery-entry.ts';
import { Page, Section } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { groupsOf } from '../gallery-list.ts';
import { useGalleryWords } from '../gallery-words.ts';
import styles from './gallery-page.module.css';

export function GalleryIndex({ entries }: { readonly entries: readonly GalleryEntry[] }) {
  const words = useGalleryWords();
  const [query, setQuery] = useState('');
  const groups = groupsOf(entries, query);
  return (
    <main className={styles['index']}>
      <Page title={words('title')} subtitle={words('subtitle', { count: entries.length })} actions={<Wishes />}>
        <TextInput
          className={styles['search']}
          label={words('search')}
          placeholder={words('search')}
          value={query}
          onChange={setQuery}
        />
        {groups.length === 0 && <p>{words('nothing')}</p>}
        {groups.map((group) => (
          <Section key={group.name} title={group.name}>
            <ul className={styles['list']}>
              {group.entries.map((entry) => (
                <li key={entry.id}>
                  <a href={`#/gallery/${encodeURIComponent(entry.id)}`}>{entry.title}</a> <code>{entry.id}</code>
                </li>
              ))}
            </ul>
          </Section>
        ))}
      </Page>
    </main>
  );
}

const themes = ['dark', 'light', 'contrast'] as const;

function Wishes() {
  const words = useGalleryWords();
  const [theme, setTheme] = useState<string>(() => document.documentElement.dataset['theme'] ?? 'dark');
  const chooseTheme = (chosen: string): void => {
    document.documentElement.dataset['theme'] = chosen;
    setTheme(chosen);
  };
  return (
    <>
      <Segmented
        label={words('theme')}
        value={theme}
        onChange={chooseTheme}
        options={themes.map((value) => ({ value, label: words(value) }))}
      />
      <Segmented<Language>
        label={words('language')}
        value={currentLanguage()}
        onChange={setLanguage}
        options={[
          { value: 'en', label: 'English' },
          { value: 'de', label: 'Deutsch' },
        ]}
      />
    </>
  );
}
