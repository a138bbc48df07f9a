import { useMemo, useState, type ReactNode } from 'react';
import type { LogLevel, LogLine } from '#contract/engine-log.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Page } from '../../../ui/page.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { formatNumber } from '../../../words/format.ts';
import { keptLines, type LogData } from '../log-store.ts';
import { lineText, matchingLines } from '../log-text.ts';
import { useLogWords } from '../log-words.ts';
import { LogDetails } from './log-details.tsx';
import { LogTable } from './log-table.tsx';
import classes from './log.module.css';

export interface LogViewProps {
  readonly log: LogData;
  readonly onMinimum: (minimum: LogLevel) => void;
  readonly onEarlier: () => void;
  /** Null where files cannot be shown. */
  readonly onReveal: ((file: string) => void) | null;
}

/** The engine's log: follows its end, by level and by words; one line opened shows all that was noted. */
export function LogView(props: LogViewProps) {
  const { log, onReveal } = props;
  const words = useLogWords();
  const [wanted, setWanted] = useState('');
  const [isFollowing, setIsFollowing] = useState(true);
  const [selected, setSelected] = useState<number | null>(null);
  const shown = useMemo(() => matchingLines(log.lines ?? [], wanted), [log.lines, wanted]);
  const line = shown.find(({ at }) => at === selected) ?? null;
  return (
    <Page
      layout="fill"
      title={words('title')}
      subtitle={words('subtitle')}
      actions={<LogActions file={log.file} onReveal={onReveal} />}
      {...(line !== null && {
        inspector: <LogDetails line={line} />,
        inspectorTitle: words('details'),
        onInspectorClose: () => setSelected(null),
      })}
    >
      <Tools
        {...props}
        shown={shown}
        wanted={wanted}
        onWanted={setWanted}
        isFollowing={isFollowing}
        onFollow={setIsFollowing}
      />
      {log.failure !== null && <ErrorNotice failure={log.failure} />}
      {log.lines === null ? (
        log.failure === null && <Skeleton lines={14} height={1.75} />
      ) : (
        <LogTable
          lines={shown}
          selected={selected}
          onSelect={(chosen) => {
            setSelected(chosen.at);
            setIsFollowing(false);
          }}
          isFollowing={isFollowing && line === null}
          onFollow={setIsFollowing}
          empty={<NothingShown {...props} wanted={wanted} onClear={() => setWanted('')} />}
        />
      )}
    </Page>
  );
}

function LogActions({ file, onReveal }: { readonly file: string | null; readonly onReveal: LogViewProps['onReveal'] }) {
  const words = useLogWords();
  return (
    <>
      <LinkButton to="/server" kind="quiet">
        {words('toServer')}
      </LinkButton>
      {file !== null && onReveal !== null && <Button onClick={() => onReveal(file)}>{words('reveal')}</Button>}
      {file !== null && onReveal === null && (
        <CopyButton kind="plain" text={file} label={words('copyPath')}>
          {words('copyPath')}
        </CopyButton>
      )}
    </>
  );
}

interface ToolsProps extends LogViewProps {
  readonly shown: readonly LogLine[];
  readonly wanted: string;
  readonly onWanted: (wanted: string) => void;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

function Tools({ log, shown, wanted, isFollowing, onMinimum, onEarlier, onWanted, onFollow }: ToolsProps) {
  const words = useLogWords();
  const levels = [
    { value: 'debug', label: words('all') },
    { value: 'info', label: words('info') },
    { value: 'warn', label: words('warn') },
    { value: 'error', label: words('error') },
  ] as const;
  return (
    <>
      <div className={classes['tools']}>
        <Segmented<LogLevel> label={words('level')} value={log.minimum} onChange={onMinimum} options={levels} />
        <TextInput
          className={classes['search']}
          type="search"
          label={words('search')}
          placeholder={words('searchHint')}
          maxLength={200}
          value={wanted}
          onChange={onWanted}
        />
        <Switch checked={isFollowing} onChange={onFollow}>
          {words('follow')}
        </Switch>
        {shown.length > 0 && (
          <CopyButton
            kind="plain"
            label={words('copy')}
            getText={() => Promise.resolve(shown.map(lineText).join('\n'))}
          >
            {words('copy')}
          </CopyButton>
        )}
      </div>
      <div className={classes['foot']}>
        <span role="status">{words('count', { count: shown.length, shown: formatNumber(shown.length) })}</span>
        <Beginning log={log} onEarlier={onEarlier} />
      </div>
    </>
  );
}

function Beginning({ log, onEarlier }: Pick<LogViewProps, 'log' | 'onEarlier'>): ReactNode {
  const words = useLogWords();
  if (log.lines === null) return null;
  if (log.lines.length === 0 && !log.hasEarlier) return null;
  if (!log.hasEarlier) return <span>{words('beginning')}</span>;
  return (
    <>
      {log.lines.length >= keptLines && <span>{words('bound', { kept: formatNumber(keptLines) })}</span>}
      <Button kind="quiet" busy={log.isReadingEarlier} onClick={onEarlier}>
        {words('earlier')}
      </Button>
    </>
  );
}

interface NothingShownProps extends Pick<LogViewProps, 'log' | 'onMinimum'> {
  readonly wanted: string;
  readonly onClear: () => void;
}

/** Why no line stands here, with the way to some. */
function NothingShown({ log, wanted, onMinimum, onClear }: NothingShownProps) {
  const words = useLogWords();
  if (wanted.trim() !== '' && (log.lines?.length ?? 0) > 0)
    return (
      <EmptyState
        title={words('nothingFound')}
        text={words('nothingFoundText')}
        actions={<Button onClick={onClear}>{words('clearSearch')}</Button>}
      />
    );
  if (log.minimum === 'debug') return <EmptyState title={words('empty')} text={words('emptyText')} />;
  return (
    <EmptyState
      title={words('nothingAtLevel')}
      text={words('nothingAtLevelText')}
      actions={<Button onClick={() => onMinimum('debug')}>{words('showAll')}</Button>}
    />
  );
}
