import { useWindowDrop } from '../../create/views/window-drop.ts';
import styles from '../../create/views/drop-to-create.module.css';
import { useDatasetsWords } from '../datasets-words.ts';
import { useBringDatasets } from './use-bring-datasets.ts';

/** On every page of Data: a file or folder dropped anywhere begins an import of it. */
export function DropToImport() {
  const words = useDatasetsWords();
  const { fromDropped } = useBringDatasets();
  const isOver = useWindowDrop((files, folders) => fromDropped({ files, folders }));
  if (!isOver) return null;
  return (
    <div className={styles['veil']} aria-hidden>
      <p className={styles['card']}>{words('dropAnywhere')}</p>
    </div>
  );
}
