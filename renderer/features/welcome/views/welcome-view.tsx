import type { ReactNode } from 'react';
import { defaultBaseModel } from '#contract/base-models.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page, Panel, Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { formatBytes, formatDuration, formatShare } from '../../../words/format.ts';
import { fixFor, type FirstFix } from '../first-fix.ts';
import { trainableWith } from '../trainable.ts';
import type { Part, Preparation, WelcomeState } from '../welcome-store.ts';
import { useWelcomeWords, type WelcomeWords } from '../welcome-words.ts';
import { sentence } from '../../../words/sentence.ts';
import { useSpeaker } from '../../../words/speaker.ts';
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
  const { say } = useSpeaker();
  const look = (
    <Button kind="quiet" onClick={onLook}>
      {words('lookAgain')}
    </Button>
  );
  if (machine === null)
    return <Section title={words('machine')}>{failure === null && <Skeleton lines={6} height={0.77} />}</Section>;
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
        {/* The forecast comes a moment later; its line is there before. */}
        <p>{sampleSeconds === null ? '\u00A0' : words('sampleTakes', { time: formatDuration(sampleSeconds) })}</p>
      </div>
      <dl className={styles['facts']}>
        {facts.map(([term, value]) => (
          <Fact key={term} term={term} value={value} />
        ))}
      </dl>
      {finding.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {sentence(say(warning))}
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
  return (
    <Section title={words('needs')} hint={words('stopHint')}>
      <Panel padding="none">
        <ul>
          <PartRow {...props} part="python" about={pythonAbout(props, words)} />
          <PartRow {...props} part="base" about={baseAbout(props, words)} />
        </ul>
      </Panel>
    </Section>
  );
}

function pythonAbout({ environment, python }: WelcomeViewProps, words: WelcomeWords): string {
  if (environment === null) return '';
  const { sizeBytes, estimate } = environment;
  if (python.state === 'ready' && sizeBytes !== null) return words('pythonThere', { disk: formatBytes(sizeBytes) });
  const { downloadBytes, diskBytes } = estimate;
  return words('pythonAbout', { download: formatBytes(downloadBytes), disk: formatBytes(diskBytes) });
}

function baseAbout({ models }: WelcomeViewProps, words: WelcomeWords): string {
  const base = models.find(({ id }) => id === defaultBaseModel);
  return base === undefined ? '' : words('baseAbout', { name: base.name });
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
  const { say } = useSpeaker();
  const { part, about, onStop, onPrepare } = props;
  const { state, text, fraction, failure } = props[part];
  const isUnderWay = state === 'running' || state === 'stopped';
  return (
    <li className={styles['part']}>
      <div>
        <p className={styles['partName']}>
          {words(part)} <Badge tone={tones[state]}>{words(`state_${state}`)}</Badge>
        </p>
        <p className={styles['small']}>
          {isUnderWay && text !== '' ? progressLine(say(text), fraction) : about || '\u00A0'}
        </p>
      </div>
      {state === 'running' && <Button onClick={() => onStop(part)}>{words('stop')}</Button>}
      {(state === 'absent' || state === 'stopped') && (
        <Button onClick={() => onPrepare(part)}>{words(state === 'stopped' ? 'goOn' : 'setUp')}</Button>
      )}
      {isUnderWay && (
        <ProgressBar
          className={styles['bar']}
          fraction={state === 'stopped' ? (fraction ?? 0) : fraction}
          label={words(part)}
          tone={state === 'stopped' ? 'still' : 'accent'}
        />
      )}
      {failure !== null && (
        <ErrorNotice className={styles['wide']} failure={failure} actions={<Fix {...props} fix={fixFor(failure)} />} />
      )}
    </li>
  );
}

/** `46 % · downloading torch (195 MiB)`: the sentence of the engine begins small. */
function progressLine(text: string, fraction: number | null): string {
  return fraction === null ? text : `${formatShare(fraction)} · ${text}`;
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
