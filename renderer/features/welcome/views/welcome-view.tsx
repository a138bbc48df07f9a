import type { ReactNode } from 'react';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page, Panel, Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatBytes, formatDuration } from '../../../words/format.ts';
import { fixFor, type FirstFix } from '../first-fix.ts';
import { trainableWith } from '../trainable.ts';
import type { Part, Preparation, WelcomeState } from '../welcome-store.ts';
import { useWelcomeWords } from '../welcome-words.ts';
import styles from './welcome.module.css';

type Facts = Pick<WelcomeState, 'machine' | 'models' | 'environment' | 'sampleSeconds' | 'failure' | 'python' | 'base'>;

export interface WelcomeViewProps extends Facts {
  readonly onLook: () => void;
  readonly onPrepare: (part: Part | 'all') => void;
  readonly onRepair: () => void;
  readonly onStop: (part: Part) => void;
  readonly onSample: () => void;
  readonly onOwnData: () => void;
}

/** The first screen: what this machine is and can do, what is still needed, and where to begin. */
export function WelcomeView(props: WelcomeViewProps) {
  const words = useWelcomeWords();
  const { failure, python, base, onLook, onPrepare, onSample, onOwnData } = props;
  const isReady = python.state === 'ready' && base.state === 'ready';
  const isBusy = python.state === 'running' || base.state === 'running';
  return (
    <Page title={words('title')} subtitle={words('subtitle')}>
      <div className={styles['columns']}>
        {failure !== null && <ErrorNotice failure={failure} onRetry={onLook} />}
        <MachineFacts {...props} />
        <Needs {...props} />
        <div className={styles['actions']}>
          {!isReady && (
            <Button kind="primary" busy={isBusy} disabled={python.state === 'unknown'} onClick={() => onPrepare('all')}>
              {words('setUpAll')}
            </Button>
          )}
          <Button kind={isReady ? 'primary' : 'plain'} onClick={onSample}>
            {words('trySample')}
          </Button>
          <Button onClick={onOwnData}>{words('bringData')}</Button>
          {!isReady && (
            <LinkButton kind="link" to="/">
              {words('skip')}
            </LinkButton>
          )}
        </div>
      </div>
    </Page>
  );
}

function MachineFacts({ machine, models, sampleSeconds, failure, onLook }: WelcomeViewProps) {
  const words = useWelcomeWords();
  const look = (
    <Button kind="quiet" onClick={onLook}>
      {words('lookAgain')}
    </Button>
  );
  if (machine === null)
    return <Section title={words('machine')}>{failure === null && <Skeleton lines={6} height={1.25} />}</Section>;
  const { machine: found, finding } = machine;
  const { name, physicalCores } = found.processor;
  const { availableBytes, totalBytes } = found.memory;
  const graphics = finding.card?.name ?? found.apple?.name ?? null;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words('processor'), words('cores', { name, count: physicalCores })],
    [words('memory'), words('memoryFree', { free: formatBytes(availableBytes), total: formatBytes(totalBytes) })],
    [words('graphics'), graphics ?? words('noGraphics')],
    [words('disk'), formatBytes(found.disk.freeBytes)],
  ];
  const { count, largest } = trainableWith(models, finding.memoryBytes);
  return (
    <Section title={words('machine')} actions={look}>
      <div className={styles['say']}>
        <p className={styles['lead']}>
          {largest === null ? words('cannotTrain') : words('canTrain', { count, largest })}
        </p>
        {sampleSeconds !== null && <p>{words('sampleTakes', { time: formatDuration(sampleSeconds) })}</p>}
      </div>
      <dl className={styles['facts']}>
        {facts.map(([term, value]) => (
          <Fact key={term} term={term} value={value} />
        ))}
      </dl>
      {finding.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
    </Section>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Needs(props: WelcomeViewProps) {
  const words = useWelcomeWords();
  const { environment } = props;
  const download = formatBytes(environment?.estimate.downloadBytes ?? Number.NaN);
  const disk = formatBytes(environment?.estimate.diskBytes ?? Number.NaN);
  return (
    <Section title={words('needs')} hint={words('stopHint')}>
      <Panel padding="none">
        <PartRow
          {...props}
          part="python"
          about={environment === null ? '' : words('pythonAbout', { download, disk })}
        />
        <PartRow {...props} part="base" about={words('baseAbout')} />
      </Panel>
    </Section>
  );
}

const tones: Readonly<Record<Preparation['state'], BadgeTone>> = {
  unknown: 'neutral',
  absent: 'neutral',
  running: 'info',
  stopped: 'warn',
  ready: 'good',
  failed: 'bad',
};

type PartRowProps = WelcomeViewProps & { readonly part: Part; readonly about: string };

function PartRow(props: PartRowProps) {
  const words = useWelcomeWords();
  const { part, about, onStop, onPrepare } = props;
  const { state, text, fraction, failure } = props[part];
  return (
    <div className={styles['part']}>
      <div>
        <p className={styles['partName']}>
          {words(part)} <Badge tone={tones[state]}>{words(`state_${state}`)}</Badge>
        </p>
        <p className={styles['small']}>{about}</p>
      </div>
      {state === 'running' && <Button onClick={() => onStop(part)}>{words('stop')}</Button>}
      {(state === 'absent' || state === 'stopped') && (
        <Button onClick={() => onPrepare(part)}>{words(state === 'stopped' ? 'goOn' : 'setUp')}</Button>
      )}
      {(state === 'running' || state === 'stopped') && (
        <div className={styles['wide']}>
          <ProgressBar
            fraction={fraction}
            label={words(part)}
            text={text}
            tone={state === 'stopped' ? 'still' : 'accent'}
          />
        </div>
      )}
      {failure !== null && (
        <ErrorNotice className={styles['wide']} failure={failure} actions={<Fix {...props} fix={fixFor(failure)} />} />
      )}
    </div>
  );
}

const places: Readonly<Partial<Record<FirstFix, string>>> = {
  network: '/settings/network',
  storage: '/settings/storage',
  keys: '/settings/providers',
  machine: '/settings/machine',
  'other-base': '/create',
};

function Fix({ fix, part, onPrepare, onRepair }: PartRowProps & { readonly fix: FirstFix }) {
  const words = useWelcomeWords();
  const place = places[fix];
  if (place !== undefined) return <LinkButton to={place}>{words(`fix_${fix}`)}</LinkButton>;
  const press = fix === 'repair' ? onRepair : () => onPrepare(part);
  return <Button onClick={press}>{words(`fix_${fix}`)}</Button>;
}
