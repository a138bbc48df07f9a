import { useEffect, useMemo, useState } from 'react';
import type { LicenceEntry } from '#contract/settings.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Panel, Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { createAboutStore, soughtLicences, type AboutData } from '../about-store.ts';
import { useRecordsWords, type RecordsWords } from '../records-words.ts';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

export function LicencesSection() {
  const state = useStoreOf(createAboutStore, (all) => all);
  const { loadLicences } = state;
  useEffect(() => void loadLicences(), [loadLicences]);
  return <LicencesSectionView data={state} onRetry={() => void loadLicences()} />;
}

export interface LicencesSectionViewProps {
  readonly data: AboutData;
  readonly onRetry: () => void;
}

const keyOf = ({ name, version }: LicenceEntry): string => `${name}@${version}`;

/** Everything the product is made of, to be searched; the text of the chosen one below. */
export function LicencesSectionView({ data, onRetry }: LicencesSectionViewProps) {
  const words = useRecordsWords();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const columns = useMemo(() => columnsOf(words), [words]);
  const found = useMemo(() => soughtLicences(data.licences ?? [], query), [data.licences, query]);
  const shown = found.find((entry) => keyOf(entry) === chosen);
  return (
    <Section title={words('licencesTitle')} hint={words('licencesHint')}>
      <Failure failures={data.failures} of="licences" onRetry={onRetry} />
      <div className={classes['searchLine']}>
        <TextInput
          type="search"
          label={words('search')}
          placeholder={words('search')}
          value={query}
          onChange={setQuery}
        />
        <span className={classes['figures']} role="status">
          {data.licences !== null && words('count', { count: found.length })}
        </span>
      </div>
      {data.licences === null && !data.failures.has('licences') && <Skeleton lines={10} />}
      {data.licences !== null && (
        <Panel padding="none">
          <DataTable
            className={classes['licences']}
            label={words('licencesTitle')}
            columns={columns}
            rows={found}
            rowKey={keyOf}
            selected={chosen}
            onSelect={(entry) => setChosen(keyOf(entry))}
            empty={<p className={classes['emptyRows']}>{words('noneFound')}</p>}
            virtual={found.length > 0}
          />
        </Panel>
      )}
      <LicenceText entry={shown} />
    </Section>
  );
}

function LicenceText({ entry }: { readonly entry: LicenceEntry | undefined }) {
  const words = useRecordsWords();
  if (entry === undefined) return <p className={classes['quiet']}>{words('chooseOne')}</p>;
  return (
    <div className={classes['licence']}>
      <h3>{`${entry.name} ${entry.version} · ${entry.licence}`}</h3>
      <pre className={classes['licenceText']} tabIndex={0} role="region" aria-label={entry.name}>
        {entry.text === '' ? words('noText', { licence: entry.licence }) : entry.text}
      </pre>
    </div>
  );
}

function columnsOf(words: RecordsWords): readonly TableColumn<LicenceEntry>[] {
  return [
    {
      id: 'name',
      header: words('packageName'),
      width: 'minmax(10rem, 2fr)',
      sortable: true,
      sortValue: ({ name }) => name,
      cell: ({ name }) => name,
    },
    { id: 'version', header: words('version'), width: '8rem', cell: ({ version }) => version },
    {
      id: 'licence',
      header: words('licence'),
      width: 'minmax(8rem, 1fr)',
      sortable: true,
      sortValue: ({ licence }) => licence,
      cell: ({ licence }) => licence,
    },
  ];
}
