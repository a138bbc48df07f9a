import { useState } from 'react';
import type { FieldMapping } from '#contract/dataset-versions.ts';
import type { ImportPreview } from '#contract/import-preview.ts';
import { Button } from '../../../ui/button.tsx';
import { Section } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { Field } from '../../../ui/field.tsx';
import {
  factPlaces,
  inShape,
  placesOf,
  placesOfShape,
  rowShapes,
  shapeOf,
  withColumn,
  withPlace,
  type Place,
} from '../field-mapping.ts';
import { formatMoment } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { ColumnChips } from './column-chips.tsx';
import styles from './mapping.module.css';
import { PlaceField } from './place-field.tsx';

export interface MappingSectionProps {
  readonly preview: ImportPreview;
  /** In force: the person's, or what was found. */
  readonly mapping: FieldMapping;
  /** Chosen by the person; else it was found. */
  readonly isOwn: boolean;
  /** Null: as it is found. */
  readonly onMapping: (mapping: FieldMapping | null) => void;
}

/** Whether the places are those of the last time, and not found anew. */
function isRemembered({ preview: { remembered }, mapping, isOwn }: MappingSectionProps): boolean {
  if (!isOwn || remembered === undefined) return false;
  const places = Object.entries(remembered.mapping);
  return (
    places.length === Object.keys(mapping).length && places.every(([place, value]) => mapping[place as Place] === value)
  );
}

/** Which column is what. Records of a known shape need none of it, and can be mapped by hand all the same. */
export function MappingSection(props: MappingSectionProps) {
  const { preview, mapping, isOwn, onMapping } = props;
  const words = useDatasetsWords();
  const isKnown = !isOwn && Object.keys(preview.suggested).length === 0 && preview.format !== null;
  const [byHand, setByHand] = useState(false);
  const when = preview.remembered === undefined ? '' : formatMoment(preview.remembered.savedAt);
  if (preview.columns.length === 0) return null;
  if (isKnown && !byHand) {
    return (
      <Section title={words('mappingTitle')} hint={words(`format_${formatKey(preview.format)}`)}>
        <div>
          <Button onClick={() => setByHand(true)}>{words('mapByHand')}</Button>
        </div>
      </Section>
    );
  }
  return (
    <Section
      title={words('mappingTitle')}
      hint={isRemembered(props) ? words('mappingRemembered', { when }) : words(isOwn ? 'mappingOwn' : 'mappingFound')}
      actions={
        isOwn && (
          <Button
            kind="quiet"
            onClick={() => {
              setByHand(false);
              onMapping(null);
            }}
          >
            {words('mappingBack')}
          </Button>
        )
      }
    >
      <Places preview={preview} mapping={mapping} onMapping={onMapping} />
    </Section>
  );
}

const formats = ['messages', 'sharegpt', 'alpaca', 'preference', 'unpaired', 'text', 'forge-row'] as const;

function formatKey(format: string | null): (typeof formats)[number] | 'unusual' {
  return formats.find((known) => known === format || format === `openai-${known}`) ?? 'unusual';
}

function Places({ preview, mapping, onMapping }: Pick<MappingSectionProps, 'preview' | 'mapping' | 'onMapping'>) {
  const words = useDatasetsWords();
  const names = preview.columns.map(({ name }) => name);
  const [dragged, setDragged] = useState<string | null>(null);
  const shape = shapeOf(mapping);
  const { needed, optional } = placesOfShape[shape];
  const set = (place: Place, value: string | null): void => onMapping(withPlace(mapping, place, value));
  const field = (place: Place) => (
    <PlaceField
      key={place}
      place={place}
      value={mapping[place]}
      columns={names}
      isNeeded={needed.includes(place)}
      isDragging={dragged !== null}
      onChange={(value) => set(place, value)}
      onDropColumn={(column) => set(place, withColumn(mapping[place], column, names))}
    />
  );
  return (
    <div className={styles['mapping']}>
      <ColumnChips
        columns={preview.columns}
        placesOf={(name) => placesOf(mapping, name).map((place) => words(`place_of_${place}`))}
        onDrag={setDragged}
      />
      <div className={styles['places']}>
        <Field label={words('shape')} className={styles['shape']}>
          <Select
            value={shape}
            onChange={(next) => onMapping(inShape(mapping, next))}
            options={rowShapes.map((value) => ({ value, label: words(`shape_${value}`) }))}
          />
        </Field>
        {[...needed, ...optional].map(field)}
        <details className={styles['facts']} open={factPlaces.some((place) => mapping[place] !== undefined)}>
          <summary>{words('facts')}</summary>
          <div className={styles['factPlaces']}>{factPlaces.map(field)}</div>
        </details>
      </div>
    </div>
  );
}
