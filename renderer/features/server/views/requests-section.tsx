import { useMemo } from 'react';
import type { ServedRequest } from '#contract/serving-state.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Sparkline } from '../../../ui/sparkline.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { formatDuration, formatNumber } from '../../../words/format.ts';
import { snippetModels } from '../served-rows.ts';
import { useServerWords, type ServerWords } from '../server-words.ts';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';

/** Who asked, how long it took and what came of it: never what was said. */
export function RequestsSection({ serving, data }: ServerPartProps) {
  const words = useServerWords();
  const columns = useMemo(() => columnsOf(words), [words]);
  const { total, perMinute } = serving.requests;
  return (
    <Section
      title={words('requests')}
      hint={words('requestsTotal', { count: total, total: formatNumber(total) })}
      actions={total > 0 && perMinute.length > 0 && <Rate perMinute={perMinute} />}
    >
      {data.requests === null ? (
        <Skeleton lines={4} />
      ) : data.requests.length === 0 ? (
        <p className={classes['quiet']}>
          {words(snippetModels(serving).length === 0 ? 'noRequestsYet' : 'noRequests')}
        </p>
      ) : (
        <Panel padding="none">
          <DataTable
            label={words('requests')}
            columns={columns}
            rows={data.requests}
            rowKey={({ id }) => id}
            empty={null}
            minWidth={38}
          />
        </Panel>
      )}
    </Section>
  );
}

function Rate({ perMinute }: { readonly perMinute: readonly number[] }) {
  const words = useServerWords();
  const label = words('perMinute', { now: perMinute.at(-1) ?? 0, most: Math.max(...perMinute) });
  return (
    <div className={classes['rate']}>
      <Sparkline className={classes['rateLine']} values={perMinute} minimum={0} label={label} />
      <span className={classes['figures']}>{words('perMinuteShort')}</span>
    </div>
  );
}

function columnsOf(words: ServerWords): readonly TableColumn<ServedRequest>[] {
  return [
    { id: 'when', header: words('when'), width: '8rem', cell: ({ t }) => <RelativeTime time={t} /> },
    { id: 'model', header: words('model'), width: 'minmax(8rem, 2fr)', cell: ({ model }) => model },
    {
      id: 'answer',
      header: words('answer'),
      width: 'minmax(9rem, 2fr)',
      cell: (request) => <Outcome request={request} />,
    },
    {
      id: 'tokens',
      header: words('tokens'),
      width: '9rem',
      align: 'end',
      cell: ({ promptTokens, completionTokens }) => `${formatNumber(promptTokens)} · ${formatNumber(completionTokens)}`,
    },
    { id: 'time', header: words('time'), width: '5rem', align: 'end', cell: ({ totalMs }) => timeOf(totalMs) },
  ];
}

const firstRefusal = 400;
const firstFault = 500;

function Outcome({ request: { status, stream, failure } }: { readonly request: ServedRequest }) {
  const words = useServerWords();
  if (status < firstRefusal && failure === null) return <>{words(stream ? 'okStream' : 'ok')}</>;
  const isFault = status >= firstFault || status < firstRefusal;
  return (
    <span title={failure ?? undefined}>
      <Badge tone={isFault ? 'bad' : 'warn'}>{words(isFault ? 'failed' : 'refused', { status })}</Badge>
    </span>
  );
}

/** Milliseconds below a second, then spoken. */
function timeOf(totalMs: number): string {
  if (totalMs < 1000) return `${formatNumber(totalMs)}\u00A0ms`;
  return totalMs < 10_000 ? `${formatNumber(totalMs / 1000, 1)}\u00A0s` : formatDuration(totalMs / 1000);
}
