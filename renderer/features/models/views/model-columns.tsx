import { Badge } from '../../../ui/badge.tsx';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import type { TableColumn } from '../../../ui/table.tsx';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { versionObstacle, type ModelRow } from '../model-rows.ts';
import { useModelsWords } from '../models-words.ts';
import classes from './models-view.module.css';

/** The columns of the table of versions; they sort themselves. */
export function modelColumns(words: ReturnType<typeof useModelsWords>): readonly TableColumn<ModelRow>[] {
  return [
    {
      id: 'name',
      header: words('name'),
      width: 'minmax(8rem, 1.4fr)',
      sortable: true,
      sortValue: ({ id }) => id,
      cell: (row) => <Name row={row} />,
    },
    {
      id: 'score',
      header: words('score'),
      width: '8rem',
      sortable: true,
      sortValue: ({ tunedScore }) => tunedScore?.value ?? null,
      cell: (row) => <Score row={row} />,
    },
    {
      id: 'where',
      header: words('where'),
      width: 'minmax(11rem, 1fr)',
      cell: (row) => <Where row={row} />,
    },
    {
      id: 'base',
      header: words('base'),
      width: 'minmax(6.5rem, 1.3fr)',
      sortable: true,
      sortValue: ({ version }) => version.base,
      cell: ({ version }) => <OneLine text={version.base} />,
    },
    {
      id: 'data',
      header: words('data'),
      width: 'minmax(5.5rem, 1fr)',
      cell: ({ data }) => <OneLine text={data === null ? '–' : data === 'sample' ? words('sample') : data} />,
    },
    {
      id: 'size',
      header: words('size'),
      width: '7.5rem',
      sortable: true,
      sortValue: ({ version }) => version.sizeBytes,
      cell: ({ version }) => <Size version={version} />,
    },
    {
      id: 'made',
      header: words('made'),
      width: '7rem',
      align: 'end',
      sortable: true,
      sortValue: ({ version }) => version.createdAt,
      cell: ({ version }) => <RelativeTime time={version.createdAt} />,
    },
  ];
}

/** Cut where it is too long; then the whole is said on pointing at it. */
function OneLine({ text }: { readonly text: string }) {
  return (
    <span className={classes['oneLine']} title={text}>
      {text}
    </span>
  );
}

function Name({ row: { version } }: { readonly row: ModelRow }) {
  return (
    <span className={classes['cell']}>
      <span className={classes['name']}>{version.name}</span>
      <span className={classes['version']}>v{version.version}</span>
    </span>
  );
}

/** The score, or what keeps the version from having one. */
function Score({ row: { version, baseScore, tunedScore } }: { readonly row: ModelRow }) {
  const words = useModelsWords();
  const obstacle = versionObstacle(version);
  if (obstacle !== null) return <Badge tone={obstacle === 'failed' ? 'bad' : 'neutral'}>{words(obstacle)}</Badge>;
  if (tunedScore === null) return <span className={classes['muted']}>{words('notMeasured')}</span>;
  return (
    <span className={classes['cell']}>
      <span className={classes['score']}>{formatNumber(tunedScore.value)}</span>
      <DotPlot
        size="tiny"
        className={classes['plot']}
        base={baseScore}
        tuned={tunedScore}
        minimum={0}
        maximum={100}
        unit={words('points')}
        label={words('scoreLabel')}
      />
    </span>
  );
}

function Size({ version: { sizeBytes, quantisation } }: { readonly version: ModelRow['version'] }) {
  if (sizeBytes === null) return <span className={classes['muted']}>–</span>;
  return (
    <span className={classes['cell']}>
      {formatBytes(sizeBytes)}
      <span className={classes['muted']}>{quantisation}</span>
    </span>
  );
}

function Where({ row: { version, reach, family } }: { readonly row: ModelRow }) {
  const words = useModelsWords();
  const { isServing, isInMemory, inOllama } = reach;
  // With the server off it is worth saying only where there is another version to choose.
  const isCurrent = reach.isCurrent && (isServing || (family?.versions.length ?? 0) > 1);
  if (!isCurrent && !isInMemory && !inOllama) return <span className={classes['muted']}>–</span>;
  return (
    <span className={classes['cell']}>
      {isCurrent && (
        <Badge tone={isServing ? 'good' : 'neutral'}>
          {isServing ? words('servedAs', { name: version.name }) : words('current')}
        </Badge>
      )}
      {isInMemory && <Badge tone="info">{words('inMemory')}</Badge>}
      {inOllama && <Badge>{words('ollama')}</Badge>}
    </span>
  );
}
