import { useEffect } from 'react';
import type { DiskPart } from '#contract/settings.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { useShell } from '../../../shell/use-shell.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Meter } from '../../../ui/meter.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useUndo } from '../../../ui/undo.ts';
import { formatBytes } from '../../../words/format.ts';
import { diskBars, diskTotals, type DiskBar } from '../disk-bars.ts';
import { createStorageStore, type DiskUsage, type StorageData } from '../storage-store.ts';
import { partText, useStorageWords } from '../storage-words.ts';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

export function StorageSection() {
  const words = useStorageWords();
  const state = useStoreOf(createStorageStore, (all) => all);
  const offerUndo = useUndo();
  const { load } = state;
  useEffect(() => void load(), [load]);
  const clean = (part: DiskPart): void => {
    const text = words('willClean', { name: partText(words, part).name, size: formatBytes(part.deletableBytes) });
    // What comes back by itself goes at once; what costs time can be taken back.
    if (part.deletion === 'safe') void state.clean(part.id);
    else offerUndo({ text, commit: () => void state.clean(part.id) });
  };
  return <StorageSectionView data={state} onClean={clean} onRetry={() => void load()} />;
}

export interface StorageSectionViewProps {
  readonly data: StorageData;
  readonly onClean: (part: DiskPart) => void;
  readonly onRetry: () => void;
}

/** What Forge takes on the disk, and what of it may go. */
export function StorageSectionView({ data, onClean, onRetry }: StorageSectionViewProps) {
  const words = useStorageWords();
  const { usage } = data;
  return (
    <>
      <Failure failures={data.failures} of="load" onRetry={onRetry} />
      <Section title={words('home')} hint={words('hint')}>
        {usage === null ? <Skeleton height={6} /> : <Folder usage={usage} />}
      </Section>
      <Section title={words('parts')} hint={words('partsHint')}>
        {usage === null ? (
          <Skeleton lines={8} />
        ) : (
          <ul className={classes['rows']}>
            {diskBars(usage.parts).map((bar) => (
              <Part key={bar.part.id} bar={bar} data={data} onClean={onClean} />
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

/** Nearly full: from here on the disk is drawn as a warning. */
const nearlyFull = 0.92;

function Folder({ usage: { home, freeBytes, totalBytes, parts } }: { readonly usage: DiskUsage }) {
  const words = useStorageWords();
  const shell = useShell();
  const { bytes, safeBytes } = diskTotals(parts);
  return (
    <Panel className={classes['folder']}>
      <div className={classes['pathLine']}>
        <code className={classes['path']}>{home}</code>
        <CopyButton text={home} label={words('copyHome')} />
        {shell.kind === 'desktop' && <Button onClick={() => void shell.reveal(home)}>{words('reveal')}</Button>}
      </div>
      <Meter
        value={totalBytes - freeBytes}
        maximum={totalBytes}
        warnFrom={nearlyFull}
        label={words('diskLabel')}
        text={words('diskText', {
          free: formatBytes(freeBytes),
          total: formatBytes(totalBytes),
          used: formatBytes(bytes),
        })}
      />
      <p className={classes['quiet']}>
        {safeBytes > 0 ? words('safeTotal', { size: formatBytes(safeBytes) }) : words('nothingSafe')}
      </p>
    </Panel>
  );
}

const toneOf = { safe: 'good', costly: 'info', kept: 'neutral' } as const satisfies Record<
  DiskPart['deletion'],
  BadgeTone
>;

interface PartProps extends Pick<StorageSectionViewProps, 'data' | 'onClean'> {
  readonly bar: DiskBar;
}

function Part({ bar, data, onClean }: PartProps) {
  const words = useStorageWords();
  const { part, share, deletableShare, sharedBytes } = bar;
  const { name, about } = partText(words, part);
  const freed = data.freedBytes.get(part.id);
  const size = formatBytes(part.bytes);
  const label = deletableShare > 0 ? words('barText', { size, freeable: formatBytes(part.deletableBytes) }) : size;
  return (
    <li className={classes['part']}>
      <div className={classes['rowTop']}>
        <h3>{name}</h3>
        <Badge tone={toneOf[part.deletion]}>{words(part.deletion)}</Badge>
        <span className={classes['partSize']}>{size}</span>
      </div>
      <div className={classes['bar']} role="img" aria-label={label}>
        <span className={classes['barAll']} style={{ width: `${share * 100}%` }} />
        <span className={classes['barFree']} style={{ width: `${deletableShare * 100}%` }} />
      </div>
      <div className={classes['partFoot']}>
        <p className={classes['quiet']}>
          {about}
          {sharedBytes > 0 && ` ${words('shared', { size: formatBytes(sharedBytes) })}`}
        </p>
        <PartAct bar={bar} data={data} onClean={onClean} />
      </div>
      {freed !== undefined && (
        <p className={classes['freed']} role="status">
          {words('freed', { size: formatBytes(freed) })}
        </p>
      )}
      <Failure failures={data.failures} of={part.id} />
    </li>
  );
}

function PartAct({ bar: { part, canClean }, data, onClean }: PartProps) {
  const words = useStorageWords();
  if (part.id === 'models') return <LinkButton to="/models">{words('toModels')}</LinkButton>;
  if (part.id === 'datasets') return <LinkButton to="/data">{words('toData')}</LinkButton>;
  if (part.id === 'comparisons') return <LinkButton to="/compare">{words('toCompare')}</LinkButton>;
  if (part.deletion === 'kept') return null;
  const reason = canClean ? null : words(part.bytes === 0 ? 'empty' : 'inUse');
  if (reason !== null) return <span className={classes['figures']}>{reason}</span>;
  return (
    <Button busy={data.busy.has(part.id)} onClick={() => onClean(part)}>
      {words('free', { size: formatBytes(part.deletableBytes) })}
    </Button>
  );
}
