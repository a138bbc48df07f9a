import { Button, LinkButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Said } from '../../../words/said.tsx';
import { formatBytes, formatMoment, formatNumber } from '../../../words/format.ts';
import { diffAddress, trainAddress, type DatasetRow } from '../dataset-rows.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import styles from './datasets-view.module.css';
import type { DatasetHandlers } from './datasets-view.tsx';
import { KindWords, OriginWords } from './version-words.tsx';

interface DatasetInspectorProps {
  readonly row: DatasetRow;
  readonly handlers: Pick<DatasetHandlers, 'open' | 'remove'>;
}

/** What one version is and how it came to be. */
export function DatasetInspector({ row: { version, family, comparedWith }, handlers }: DatasetInspectorProps) {
  const words = useDatasetsWords();
  const licences = [...new Set(version.sources.map(({ licence }) => licence).filter((licence) => licence !== null))];
  return (
    <div className={styles['inspector']}>
      <div className={styles['actions']}>
        <Button onClick={() => handlers.open(version)}>{words('openVersion')}</Button>
        <LinkButton to={trainAddress(version)}>{words('trainOnVersion')}</LinkButton>
        <LinkButton to={diffAddress(comparedWith, version)}>{words('diffAction')}</LinkButton>
        <Button onClick={() => handlers.remove([version])}>{words('remove')}</Button>
        {family.length > 1 && (
          <Button kind="quiet" onClick={() => handlers.remove(family)}>
            {words('removeAll', { count: family.length })}
          </Button>
        )}
      </div>
      <dl className={styles['facts']}>
        <dt>{words('rowsHead')}</dt>
        <dd>{formatNumber(version.rows)}</dd>
        <dt>{words('kinds')}</dt>
        <dd>
          <KindWords kinds={version.kinds} />
        </dd>
        <dt>{words('balance')}</dt>
        <dd>
          {words('balanceText', {
            seen: formatNumber(version.seen),
            rejected: formatNumber(version.rejected),
            merged: formatNumber(version.merged),
          })}
        </dd>
        <dt>{words('origin')}</dt>
        <dd>
          <OriginWords version={version} />
        </dd>
        <dt>{words('licence')}</dt>
        <dd>{licences.length === 0 ? words('licenceUnknown') : licences.join(', ')}</dd>
        <dt>{words('size')}</dt>
        <dd>{formatBytes(version.sizeBytes)}</dd>
        <dt>{words('made')}</dt>
        <dd>{formatMoment(version.createdAt)}</dd>
        <dt>{words('digest')}</dt>
        <dd className={styles['cell']}>
          <code>{version.digest.slice(0, 12)}</code>
          <CopyButton text={version.digest} label={words('copyDigest')} />
        </dd>
      </dl>
      {version.warnings.length > 0 && (
        <ul className={styles['warnings']}>
          {version.warnings.map((warning) => (
            <li key={warning}>
              <Said text={warning} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
