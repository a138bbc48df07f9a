import type { DiffReport } from '#contract/dataset-diffs.ts';
import { formatNumber } from '../../../words/format.ts';
import { versionId } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './diff.module.css';

type Piece = 'same' | 'added' | 'removed' | 'changed' | 'moved';

const earlierPieces = ['same', 'moved', 'changed', 'removed'] as const;
const laterPieces = ['same', 'moved', 'changed', 'added'] as const;

/** Both versions as bars of one scale: what is the same stands at the same place, what came and went at the ends. */
export function DiffPicture({ report }: { readonly report: DiffReport }) {
  const words = useDatasetsWords();
  const most = Math.max(1, report.before.rows, report.after.rows);
  const bars = [
    { version: report.before, pieces: earlierPieces },
    { version: report.after, pieces: laterPieces },
  ];
  return (
    <figure className={styles['picture']} aria-label={words('diffPicture')}>
      {bars.map(({ version, pieces }, index) => (
        <div key={index} className={styles['barLine']}>
          <span className={styles['barName']} title={versionId(version)}>
            {versionId(version)}
          </span>
          <span className={styles['bar']}>
            {pieces.map((piece) => (
              <BarPiece key={piece} piece={piece} rows={report[piece]} share={report[piece] / most} />
            ))}
          </span>
          <span className={styles['barRows']}>
            {words('rows', { count: version.rows, rows: formatNumber(version.rows) })}
          </span>
        </div>
      ))}
      <figcaption className={styles['legend']}>
        {(['same', 'changed', 'moved', 'added', 'removed'] as const).map((piece) => (
          <span key={piece} data-piece={piece} data-none={report[piece] === 0 || undefined}>
            {words(wordOf(piece))} <b>{formatNumber(report[piece])}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function wordOf(piece: Piece): 'diffSame' | `diff_${Exclude<Piece, 'same'>}` {
  return piece === 'same' ? 'diffSame' : `diff_${piece}`;
}

/** At least a hairline wide, so that one row of a million is seen. */
function BarPiece({ piece, rows, share }: { readonly piece: Piece; readonly rows: number; readonly share: number }) {
  const words = useDatasetsWords();
  if (rows === 0) return null;
  const title = words('diffPart', { what: words(wordOf(piece)), rows: formatNumber(rows) });
  return <span data-piece={piece} title={title} style={{ flexBasis: `${share * 100}%` }} />;
}
