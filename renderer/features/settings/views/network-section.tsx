import { useEffect, useMemo } from 'react';
import type { SettingView } from '#contract/settings.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { DataTable, type TableColumn } from '../../../ui/table.tsx';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { createLedgerStore, type LedgerData, type LedgerRow } from '../ledger-store.ts';
import { useRecordsWords, type RecordsWords } from '../records-words.ts';
import { createSettingsStore, settingOf } from '../settings-store.ts';
import type { ActState } from '../acts.ts';
import { Failure } from './failure.tsx';
import { Said } from '../../../words/said.tsx';
import { speakerNow } from '../../../words/speaker.ts';
import classes from './settings.module.css';

const offlineKey = 'network.offline';

export function NetworkSection() {
  const ledger = useStoreOf(createLedgerStore, (all) => all);
  const settings = useStoreOf(createSettingsStore, (all) => all);
  const { load } = ledger;
  const { load: loadSettings } = settings;
  useEffect(() => {
    void load();
    void loadSettings();
  }, [load, loadSettings]);
  return (
    <NetworkSectionView
      ledger={ledger}
      offline={settingOf(settings.settings, offlineKey)}
      settingActs={settings}
      onOffline={(offline) => void settings.change(offlineKey, offline)}
      onRefresh={() => void load()}
      onOlder={() => void ledger.loadOlder()}
    />
  );
}

export interface NetworkSectionViewProps {
  readonly ledger: LedgerData;
  /** Null: not read yet. */
  readonly offline: SettingView | null;
  readonly settingActs: ActState;
  readonly onOffline: (offline: boolean) => void;
  readonly onRefresh: () => void;
  readonly onOlder: () => void;
}

/** What left this machine, line by line, and the switch that keeps everything here. */
export function NetworkSectionView(props: NetworkSectionViewProps) {
  const { ledger, offline, settingActs, onOffline, onRefresh } = props;
  const words = useRecordsWords();
  const isFixed = offline?.origin === 'environment';
  return (
    <Section
      title={words('ledgerTitle')}
      hint={words('ledgerHint')}
      actions={
        <Button busy={ledger.busy.has('load')} onClick={onRefresh}>
          {words('refresh')}
        </Button>
      }
    >
      {offline !== null && (
        <Switch
          checked={offline.value === true}
          busy={settingActs.busy.has(offlineKey)}
          disabled={isFixed}
          hint={words(isFixed ? 'offlineFixed' : 'offlineHint')}
          onChange={onOffline}
        >
          {words('offline')}
        </Switch>
      )}
      <Failure failures={settingActs.failures} of={offlineKey} />
      <Failure failures={ledger.failures} of="load" onRetry={onRefresh} />
      <Ledger {...props} />
    </Section>
  );
}

function Ledger({ ledger, onOlder }: NetworkSectionViewProps) {
  const words = useRecordsWords();
  const columns = useMemo(() => columnsOf(words), [words]);
  const { rows, total, skipped, hasMore } = ledger;
  if (rows === null) return ledger.failures.has('load') ? null : <Skeleton lines={8} />;
  if (rows.length === 0) return <EmptyState title={words('nothing')} text={words('nothingText')} />;
  return (
    <>
      <p className={classes['quiet']}>
        {words('total', { count: total, total: formatNumber(total) })}
        {skipped > 0 && ` · ${words('skipped', { count: skipped })}`}
      </p>
      <Panel padding="none">
        <DataTable
          className={classes['ledger']}
          label={words('ledgerTitle')}
          columns={columns}
          rows={rows}
          rowKey={({ rowKey }) => rowKey}
          empty={null}
          minWidth={43}
        />
      </Panel>
      <Failure failures={ledger.failures} of="older" onRetry={onOlder} />
      {hasMore && (
        <div className={classes['buttons']}>
          <Button busy={ledger.busy.has('older')} onClick={onOlder}>
            {words('older')}
          </Button>
        </div>
      )}
    </>
  );
}

function columnsOf(words: RecordsWords): readonly TableColumn<LedgerRow>[] {
  const bytes = (size: number | null): string => (size === null ? '–' : formatBytes(size));
  return [
    { id: 'when', header: words('when'), width: '6.5rem', cell: ({ t }) => <RelativeTime time={t} /> },
    {
      id: 'purpose',
      header: words('purpose'),
      width: 'minmax(12rem, 3fr)',
      cell: ({ purpose }) => <Said text={purpose} />,
    },
    {
      id: 'request',
      header: words('request'),
      width: 'minmax(7rem, 4fr)',
      cell: ({ method, url }) => (
        <code className={classes['oneLine']} title={url}>
          {method} {url}
        </code>
      ),
    },
    { id: 'outcome', header: words('outcome'), width: '6rem', cell: (row) => <Outcome row={row} /> },
    {
      id: 'size',
      header: words('size'),
      width: '7rem',
      align: 'end',
      cell: ({ sentBytes, receivedBytes }) => `${bytes(sentBytes)} · ${bytes(receivedBytes)}`,
    },
    {
      id: 'time',
      header: words('time'),
      width: '4.5rem',
      align: 'end',
      cell: ({ milliseconds }) => (milliseconds === null ? '–' : `${formatNumber(milliseconds)}\u00A0ms`),
    },
  ];
}

const firstRefusal = 400;

function Outcome({ row: { method, status, failure } }: { readonly row: LedgerRow }) {
  const words = useRecordsWords();
  // A program beside Forge ends with an exit code, not with a status.
  const isTool = method === 'TOOL';
  const isRefused = status !== null && (isTool ? status !== 0 : status >= firstRefusal);
  const text = status === null ? 'noAnswer' : isTool && status === 0 ? 'toolDone' : isTool ? 'toolFailed' : null;
  return (
    <span title={failure === null ? undefined : speakerNow().say(failure)}>
      <Badge tone={failure !== null || status === null || isRefused ? 'bad' : 'neutral'}>
        {text === null ? String(status) : words(text, { code: status ?? 0 })}
      </Badge>
    </span>
  );
}
