import Trash2 from 'lucide-react/icons/trash-2';
import { useMemo } from 'react';
import type { ComparisonView } from '#contract/comparisons.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { formatNumber, formatUsd } from '../../../words/format.ts';
import { useCompareWords } from '../compare-words.ts';
import { modelsLine } from '../compared-models.ts';
import classes from './compare-view.module.css';

interface RecentComparisonsProps {
  /** Null while they are being read. */
  readonly recent: readonly ComparisonView[] | null;
  readonly onOpen: (id: string) => void;
  readonly onRemove: (id: string) => void;
}

/** What was compared before. */
export function RecentComparisons({ recent, onOpen, onRemove }: RecentComparisonsProps) {
  const words = useCompareWords();
  const columns = useMemo(() => recentColumns(words, onRemove), [words, onRemove]);
  return (
    <Section title={words('recent')}>
      {recent === null ? (
        <Skeleton lines={4} />
      ) : (
        <Panel padding="none">
          <DataTable<ComparisonView>
            label={words('recent')}
            rows={recent}
            columns={columns}
            rowKey={({ id }) => id}
            onOpen={({ id }) => onOpen(id)}
            empty={<p className={classes['emptyRows']}>{words('recentNone')}</p>}
            minWidth={44}
          />
        </Panel>
      )}
    </Section>
  );
}

const toneByState: Readonly<Record<ComparisonView['state'], BadgeTone>> = {
  running: 'info',
  done: 'neutral',
  stopped: 'neutral',
  interrupted: 'warn',
  capped: 'warn',
};
const wordByState = {
  running: 'stateRunning',
  done: 'stateDone',
  stopped: 'stateStopped',
  interrupted: 'stateInterrupted',
  capped: 'stateCapped',
} as const;

function recentColumns(
  words: ReturnType<typeof useCompareWords>,
  onRemove: (id: string) => void,
): readonly TableColumn<ComparisonView>[] {
  return [
    {
      id: 'title',
      header: words('prompt'),
      width: 'minmax(12rem, 2fr)',
      cell: ({ title }) => title || words('untitled'),
    },
    { id: 'models', header: words('chooseModels'), width: 'minmax(10rem, 2fr)', cell: (view) => modelsLine(view) },
    { id: 'turns', header: words('prompts'), width: '5rem', align: 'end', cell: ({ turns }) => formatNumber(turns) },
    {
      id: 'state',
      header: words('state'),
      width: '8rem',
      cell: ({ state }) => <Badge tone={toneByState[state]}>{words(wordByState[state])}</Badge>,
    },
    { id: 'spent', header: words('cost'), width: '5.5rem', align: 'end', cell: ({ spentUsd }) => formatUsd(spentUsd) },
    {
      id: 'when',
      header: words('when'),
      width: '8rem',
      align: 'end',
      cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
    },
    {
      id: 'remove',
      header: '',
      name: words('remove'),
      width: '2.5rem',
      cell: ({ id, title }) => (
        <IconButton
          label={words('removeNamed', { title: title || words('untitled') })}
          icon={<Trash2 />}
          onClick={(event) => {
            event.stopPropagation();
            onRemove(id);
          }}
        />
      ),
    },
  ];
}
