import { useWindowDrop } from '../../../create/views/window-drop.ts';
import styles from '../../../create/views/drop-to-create.module.css';
import { useDatasetsWords } from '../../datasets-words.ts';

/** Where a script is written, a file that is dropped is one. */
export function DropScript({ onFile }: { readonly onFile: (file: File) => void }) {
  const words = useDatasetsWords();
  const isOver = useWindowDrop(([file]) => {
    if (file !== undefined) onFile(file);
  });
  if (!isOver) return null;
  return (
    <div className={styles['veil']} aria-hidden>
      <p className={styles['card']}>{words('dropScript')}</p>
    </div>
  );
}
