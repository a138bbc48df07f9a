import { useState } from 'react';
import type { HubListing } from '#contract/hub-datasets.ts';
import { Button } from '../../../ui/button.tsx';
import { Combobox } from '../../../ui/combobox.tsx';
import { Field } from '../../../ui/field.tsx';
import { Section } from '../../../ui/page.tsx';
import { RadioCards } from '../../../ui/radio-cards.tsx';
import { formatBytes } from '../../../words/format.ts';
import { sourceOfPart } from '../fetch-hub.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './import-view.module.css';

interface HubPartsProps {
  readonly label: string;
  readonly listing: HubListing;
  readonly onChoose: (source: string) => void;
  readonly onStop: () => void;
}

/** So many parts are seen at once; more are searched. */
const mostCards = 8;
const usualConfiguration = 'default';

/** A dataset of the hub that has several parts: which of them is to be fetched, and how large each is. */
export function HubParts({ label, listing, onChoose, onStop }: HubPartsProps) {
  const words = useDatasetsWords();
  const options = listing.parts.map((part) => ({
    value: sourceOfPart(listing, part),
    label: part.configuration === usualConfiguration ? part.split : `${part.configuration} / ${part.split}`,
    figures: [words('partFiles', { count: part.files }), formatBytes(part.sizeBytes), part.formats.join(', ')].join(
      ' · ',
    ),
    sizeBytes: part.sizeBytes,
  }));
  const [chosen, setChosen] = useState(listing.suggested ?? options[0]?.value ?? null);
  const size = options.find(({ value }) => value === chosen)?.sizeBytes ?? 0;
  return (
    <form
      className={styles['source']}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== null) onChoose(chosen);
      }}
    >
      <Section
        title={words('partTitle', { name: label })}
        hint={words(listing.isConverted ? 'partConverted' : 'partHint', { commit: listing.commit.slice(0, 7) })}
      >
        {options.length <= mostCards ? (
          <RadioCards label={words('part')} value={chosen} onChange={setChosen} options={options} />
        ) : (
          <Field label={words('part')}>
            <Combobox
              value={chosen}
              onChange={setChosen}
              options={options.map(({ value, label: name, figures }) => ({ value, label: name, hint: figures }))}
            />
          </Field>
        )}
        <div className={styles['buttons']}>
          <Button type="submit" kind="primary">
            {words('fetchPart', { size: formatBytes(size) })}
          </Button>
          <Button onClick={onStop}>{words('otherFiles')}</Button>
        </div>
      </Section>
    </form>
  );
}
