import GripVertical from 'lucide-react/icons/grip-vertical';
import type { PreviewColumn } from '#contract/import-preview.ts';
import { formatNumber, formatShare } from '../../../words/format.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './mapping.module.css';

/** What a dragged column is carried as; a page outside of Forge gives nothing of that kind. */
export const columnType = 'application/x-forge-column';

interface ColumnChipsProps {
  readonly columns: readonly PreviewColumn[];
  /** Places in which a column stands, in words. */
  readonly placesOf: (column: string) => readonly string[];
  readonly onDrag: (column: string | null) => void;
}

/** The columns with what is in them. Dragged onto a place by the pointer; by keyboard each place has a list of them. */
export function ColumnChips({ columns, placesOf, onDrag }: ColumnChipsProps) {
  const words = useDatasetsWords();
  return (
    <div className={styles['columns']}>
      <h3 className={styles['columnsTitle']}>{words('columns', { count: columns.length })}</h3>
      <ul className={styles['chips']} tabIndex={0} aria-label={words('columns', { count: columns.length })}>
        {columns.map(({ name, example, filled, meanCharacters }) => {
          const places = placesOf(name);
          return (
            <li
              key={name}
              className={styles['chip']}
              data-used={places.length > 0 || undefined}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.setData(columnType, name);
                event.dataTransfer.effectAllowed = 'copy';
                onDrag(name);
              }}
              onDragEnd={() => onDrag(null)}
            >
              <GripVertical aria-hidden size={14} />
              <span className={styles['chipWords']}>
                <span className={styles['chipTop']}>
                  <span className={styles['chipName']}>{name}</span>
                  {places.length > 0 && <span className={styles['chipPlace']}>{places.join(', ')}</span>}
                </span>
                <span className={styles['chipExample']}>{example === '' ? words('columnEmpty') : example}</span>
                <span className={styles['chipFacts']}>
                  {words('columnFacts', {
                    characters: formatNumber(Math.round(meanCharacters)),
                    filled: formatShare(filled),
                  })}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
