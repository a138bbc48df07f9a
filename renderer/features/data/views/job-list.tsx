import CircleX from 'lucide-react/icons/circle-x';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import X from 'lucide-react/icons/x';
import type { FoundryJob } from '#contract/dataset-versions.ts';
import { isOver } from '#contract/foundry-job-over.ts';
import { IconButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatBytes, formatDuration, formatNumber, formatShare } from '../../../words/format.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import type { JobAct } from '../datasets-store.ts';
import { useDatasetsWords } from '../datasets-words.ts';
import { failureIn, shareDone } from '../foundry-jobs.ts';
import styles from './job-list.module.css';

export interface JobHandlers {
  act(job: string, act: JobAct): void;
  putAway(job: string): void;
}

/** Long work that goes on, and what went wrong with it. */
export function JobList({ jobs, handlers }: { readonly jobs: readonly FoundryJob[]; readonly handlers: JobHandlers }) {
  const words = useDatasetsWords();
  if (jobs.length === 0) return null;
  return (
    <ul className={styles['jobs']} aria-label={words('jobs')}>
      {jobs.map((job) => (
        <li key={job.id}>
          <JobLine job={job} handlers={handlers} />
        </li>
      ))}
    </ul>
  );
}

export function JobLine({ job, handlers }: { readonly job: FoundryJob; readonly handlers: JobHandlers }) {
  const words = useDatasetsWords();
  const title = words(`job_${job.kind}`, { name: job.name });
  const failure = failureIn(job);
  if (failure !== null) {
    const away = <IconButton label={words('putAway')} icon={<X />} onClick={() => handlers.putAway(job.id)} />;
    return (
      <div className={styles['failed']}>
        <ErrorNotice failure={failure} actions={away} />
      </div>
    );
  }
  return (
    <div className={styles['job']}>
      <ProgressBar
        showLabel
        label={title}
        fraction={shareDone(job)}
        tone={job.state === 'running' || job.state === 'done' ? 'accent' : 'still'}
        text={<JobWords job={job} />}
      />
      {!isOver(job) && <JobButtons job={job} handlers={handlers} />}
    </div>
  );
}

/** How far it is: state or share, rows, speed, time left. */
function JobWords({ job }: { readonly job: FoundryJob }) {
  const words = useDatasetsWords();
  const { say } = useSpeaker();
  const share = shareDone(job);
  const parts = [
    job.state === 'running' ? (share === null ? '' : formatShare(share)) : words(`jobState_${job.state}`),
    howFar(job, words),
    job.rowsPerSecond === null ? '' : words('rowsPerSecond', { rate: formatNumber(Math.round(job.rowsPerSecond)) }),
    job.secondsLeft === null ? '' : words('timeLeft', { time: formatDuration(job.secondsLeft) }),
  ].filter((part) => part !== '');
  return <span>{parts.length > 0 ? parts.join(' · ') : say(job.text)}</span>;
}

/** An import counts the bytes it has read, everything else rows. */
function howFar({ kind, done, total }: FoundryJob, words: ReturnType<typeof useDatasetsWords>): string {
  if (done === 0) return '';
  if (kind !== 'import') return words('rowsSoFar', { count: done, rows: formatNumber(done) });
  return total === null ? formatBytes(done) : words('bytesSoFar', { done: formatBytes(done), all: formatBytes(total) });
}

function JobButtons({ job, handlers }: { readonly job: FoundryJob; readonly handlers: JobHandlers }) {
  const words = useDatasetsWords();
  const isPaused = job.state === 'paused';
  return (
    <span className={styles['buttons']}>
      <IconButton
        label={words(isPaused ? 'resumeJob' : 'pauseJob', { name: job.name })}
        icon={isPaused ? <Play /> : <Pause />}
        onClick={() => handlers.act(job.id, isPaused ? 'resume' : 'pause')}
      />
      <IconButton
        label={words('cancelJob', { name: job.name })}
        icon={<CircleX />}
        onClick={() => handlers.act(job.id, 'cancel')}
      />
    </span>
  );
}
