import type { NamedRows, RowLink } from '#contract/study.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { RowsButton } from './rows-button.tsx';
import styles from './study.module.css';

interface LinkedTableProps {
  readonly name: string;
  readonly rows: readonly NamedRows[];
  readonly all: number;
  readonly onShow: (rows: RowLink) => void;
}

const mostShown = 12;

/** Names with their counts, each of which leads to its rows. */
export function LinkedTable({ name, rows, all, onShow }: LinkedTableProps) {
  const words = useDatasetsWords();
  if (rows.length === 0) return null;
  return (
    <table className={styles['list']}>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">{words('rowsHead')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, mostShown).map(({ name: what, rows: link }) => (
          <tr key={what}>
            <td title={what}>{what === '' ? words('notNamed') : what}</td>
            <td>
              <RowsButton what={what === '' ? words('notNamed') : what} rows={link} all={all} onShow={onShow} />
            </td>
          </tr>
        ))}
        {rows.length > mostShown && (
          <tr>
            <td colSpan={2}>{words('andMore', { count: rows.length - mostShown })}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
