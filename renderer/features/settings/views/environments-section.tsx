import { useEffect } from 'react';
import type { EnvironmentProfile, EnvironmentStatus } from '#contract/environments.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useUndo } from '../../../ui/undo.ts';
import { formatBytes } from '../../../words/format.ts';
import { fixFor } from '../../welcome/first-fix.ts';
import { createMachineStore, type MachineData } from '../machine-store.ts';
import { useMachineWords } from '../machine-words.ts';
import { Failure } from './failure.tsx';
import { Said } from '../../../words/said.tsx';
import { useSpeaker } from '../../../words/speaker.ts';
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
    remove: (profile) => {
      state.setLeaving(profile, true);
      offerUndo({
        text: words('removed', { name: words(`profile_${profile}`) }),
        undo: () => state.setLeaving(profile, false),
        commit: () => void state.remove(profile),
      });
    },
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
  const all = data.environments?.filter(
    ({ profile, state }, index) => index === 0 || profile !== 'dev' || state !== 'absent',
  );
  const isAtWork = ({ profile }: EnvironmentStatus): boolean =>
    data.busy.has(`setUp:${profile}`) || data.failures.has(`setUp:${profile}`);
  const isShown = (environment: EnvironmentStatus): boolean =>
    environment === all?.[0] || environment.state !== 'absent' || isAtWork(environment);
  const shown = all?.filter(isShown);
  const others = all?.filter((environment) => !isShown(environment)) ?? [];
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
      {others.length > 0 && (
        <details className={classes['details']}>
          <summary>{words('otherEnvironments')}</summary>
          <div className={classes['others']}>
            {others.map((environment) => (
              <Environment
                key={environment.profile}
                environment={environment}
                isRecommended={false}
                data={data}
                acts={acts}
              />
            ))}
          </div>
        </details>
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
      <p className={classes['reason']}>
        <Said text={reason} />
      </p>
      <Versions environment={environment} />
      <SettingUp environment={environment} isRecommended={isRecommended} data={data} acts={acts} />
      <SetUpFailure environment={environment} isRecommended={isRecommended} data={data} acts={acts} />
      <Failure failures={data.failures} of={`remove:${profile}`} />
    </Panel>
  );
}

/** What went wrong, with its one way out as a button: it stands instead of the row of buttons. */
function SetUpFailure({ environment: { profile }, data, acts }: EnvironmentProps) {
  const words = useMachineWords();
  const failure = data.failures.get(`setUp:${profile}`);
  if (failure === undefined) return null;
  const how = fixFor(failure) === 'repair' ? 'repair' : 'setUp';
  return (
    <ErrorNotice
      failure={failure}
      actions={
        <Button onClick={() => acts.setUp(profile, how)}>{words(how === 'repair' ? 'repair' : 'tryAgain')}</Button>
      }
    />
  );
}

function SettingUp({ environment: { profile, state }, isRecommended, data, acts }: EnvironmentProps) {
  const words = useMachineWords();
  const { say } = useSpeaker();
  const progress = data.progress.get(profile);
  if (data.busy.has(`setUp:${profile}`))
    return (
      <div className={classes['progress']}>
        <ProgressBar
          showLabel
          fraction={progress?.fraction ?? null}
          label={progress === undefined ? words('setUp') : words(`stage_${progress.stage}`)}
          text={progress === undefined ? undefined : say(progress.text)}
        />
        <Button onClick={() => acts.stop(profile)}>{words('stop')}</Button>
      </div>
    );
  if (data.failures.has(`setUp:${profile}`)) return null;
  if (data.leaving.has(profile)) return <p className={classes['figures']}>{words('leaving')}</p>;
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
