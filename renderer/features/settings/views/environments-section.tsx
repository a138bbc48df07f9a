import { useEffect } from 'react';
import type { EnvironmentProfile, EnvironmentStatus } from '#contract/environments.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useUndo } from '../../../ui/undo.ts';
import { formatBytes } from '../../../words/format.ts';
import { createMachineStore, type MachineData } from '../machine-store.ts';
import { useMachineWords } from '../machine-words.ts';
import { Failure } from './failure.tsx';
import classes from './settings.module.css';

export function EnvironmentsSection() {
  const words = useMachineWords();
  const state = useStoreOf(createMachineStore, (all) => all);
  const offerUndo = useUndo();
  const { load } = state;
  useEffect(() => void load(), [load]);
  const acts: EnvironmentActs = {
    load: () => void load(),
    setUp: (profile, how) => void state.setUp(profile, how),
    stop: (profile) => state.stop(profile),
    remove: (profile) =>
      offerUndo({
        text: words('removed', { name: words(`profile_${profile}`) }),
        commit: () => void state.remove(profile),
      }),
  };
  return <EnvironmentsSectionView data={state} acts={acts} />;
}

export interface EnvironmentActs {
  readonly load: () => void;
  readonly setUp: (profile: EnvironmentProfile, how: 'setUp' | 'repair') => void;
  readonly stop: (profile: EnvironmentProfile) => void;
  readonly remove: (profile: EnvironmentProfile) => void;
}

export interface EnvironmentsSectionViewProps {
  readonly data: MachineData;
  readonly acts: EnvironmentActs;
}

/** The Python environments: the one for this machine first, those of contributors only where they are. */
export function EnvironmentsSectionView({ data, acts }: EnvironmentsSectionViewProps) {
  const words = useMachineWords();
  const shown = data.environments?.filter(
    ({ profile, state }, index) => index === 0 || profile !== 'dev' || state !== 'absent',
  );
  return (
    <Section title={words('environmentsTitle')} hint={words('environmentsHint')}>
      <Failure failures={data.failures} of="load" onRetry={acts.load} />
      {shown === undefined ? (
        <Skeleton height={14} />
      ) : (
        shown.map((environment, index) => (
          <Environment
            key={environment.profile}
            environment={environment}
            isRecommended={index === 0}
            data={data}
            acts={acts}
          />
        ))
      )}
    </Section>
  );
}

const toneOf = { absent: 'neutral', incomplete: 'warn', ready: 'good' } as const satisfies Record<
  EnvironmentStatus['state'],
  BadgeTone
>;

interface EnvironmentProps extends EnvironmentsSectionViewProps {
  readonly environment: EnvironmentStatus;
  readonly isRecommended: boolean;
}

function Environment({ environment, isRecommended, data, acts }: EnvironmentProps) {
  const words = useMachineWords();
  const { profile, state, reason, estimate, sizeBytes } = environment;
  const size =
    sizeBytes === null
      ? words('estimate', { download: formatBytes(estimate.downloadBytes), disk: formatBytes(estimate.diskBytes) })
      : words('onDisk', { size: formatBytes(sizeBytes) });
  return (
    <Panel className={classes['environment']}>
      <div className={classes['rowTop']}>
        <h3>{words(`profile_${profile}`)}</h3>
        {isRecommended && <Badge tone="accent">{words('recommended')}</Badge>}
        <Badge tone={toneOf[state]}>{words(state)}</Badge>
        <span className={classes['figures']}>{size}</span>
      </div>
      <p className={classes['quiet']}>{reason}</p>
      <Versions environment={environment} />
      <SettingUp environment={environment} isRecommended={isRecommended} data={data} acts={acts} />
      <Failure failures={data.failures} of={`setUp:${profile}`} onRetry={() => acts.setUp(profile, 'setUp')} />
      <Failure failures={data.failures} of={`remove:${profile}`} />
    </Panel>
  );
}

function SettingUp({ environment: { profile, state }, isRecommended, data, acts }: EnvironmentProps) {
  const words = useMachineWords();
  const progress = data.progress.get(profile);
  if (data.busy.has(`setUp:${profile}`))
    return (
      <div className={classes['progress']}>
        <ProgressBar
          showLabel
          fraction={progress?.fraction ?? null}
          label={progress === undefined ? words('setUp') : words(`stage_${progress.stage}`)}
          text={progress?.text}
        />
        <Button onClick={() => acts.stop(profile)}>{words('stop')}</Button>
      </div>
    );
  return (
    <div className={classes['buttons']}>
      {state !== 'ready' && (
        <Button kind={isRecommended ? 'primary' : 'plain'} onClick={() => acts.setUp(profile, 'setUp')}>
          {words(state === 'absent' ? 'setUp' : 'goOn')}
        </Button>
      )}
      {state !== 'absent' && (
        <>
          <Button onClick={() => acts.setUp(profile, 'repair')}>{words('repair')}</Button>
          <Button kind="quiet" busy={data.busy.has(`remove:${profile}`)} onClick={() => acts.remove(profile)}>
            {words('remove')}
          </Button>
        </>
      )}
    </div>
  );
}

function Versions({
  environment: { python, uv, torchBuild, versions, device },
}: Pick<EnvironmentProps, 'environment'>) {
  const words = useMachineWords();
  const parts = [
    python === null ? '' : `Python ${python.version}`,
    uv === null ? '' : `uv ${uv.version}`,
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    torchBuild === null ? '' : `PyTorch: ${torchBuild}`,
    device?.name ?? '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return null;
  return (
    <details className={classes['details']}>
      <summary>{words('versions')}</summary>
      <p className={classes['figures']}>{parts.join(' · ')}</p>
    </details>
  );
}
