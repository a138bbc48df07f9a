import { Link } from '@tanstack/react-router';
import { useStore } from 'zustand';
import type { MainJobView } from '#contract/main-job.ts';
import type { ServingView } from '#contract/serving-state.ts';
import { shownModel } from '#contract/shown-model.ts';
import { useEngine } from '../connection/engine-context.tsx';
import { useStoreOf } from '../connection/use-store.ts';
import { formatBytes, formatDuration, formatShare } from '../words/format.ts';
import { createFrameStore } from './frame-store.ts';
import { useFrameWords } from './frame-words.ts';
import classes from './frame.module.css';
import { currentStep, servingWord } from './status-words.ts';

/** Always there, on every page: what is served, what runs, how busy the machine is. Each part leads to its page. */
export function StatusBar() {
  const words = useFrameWords();
  const { kind } = useStore(useEngine().wire);
  const serving = useStoreOf(createFrameStore, (state) => state.serving);
  const running = useStoreOf(createFrameStore, (state) => state.running);
  return (
    <footer className={classes['status']} aria-label={words('status')}>
      {kind === 'connecting' && <span>{words('connecting')}</span>}
      {kind === 'refused' && <span>{words('notConnected')}</span>}
      {serving !== null && <ServingPart serving={serving} />}
      {running !== null && <RunningPart running={running} />}
      {running === null && kind === 'live' && <span className={classes['quiet']}>{words('idle')}</span>}
      <MetersPart />
    </footer>
  );
}

function ServingPart({ serving }: { readonly serving: ServingView }) {
  const words = useFrameWords();
  return (
    <Link to="/server" className={classes['statusPart']} data-state={serving.state}>
      <span className={classes['dot']} aria-hidden="true" />
      {words(servingWord(serving), { model: shownModel(serving) ?? '' })}
      {serving.running && <span className={classes['quiet']}>{serving.port}</span>}
    </Link>
  );
}

function RunningPart({ running }: { readonly running: MainJobView }) {
  const words = useFrameWords();
  const waiting = useStoreOf(createFrameStore, (state) => state.waiting);
  const step = currentStep(running);
  const { fraction = null, etaSeconds = null } = step ?? {};
  return (
    <Link to="/runs/$id" params={{ id: running.id }} className={classes['statusPart']}>
      {words('running', { name: `${running.name}:v${running.version}`, step: step?.text ?? '' })}
      {fraction !== null && <progress className={classes['progress']} max={1} value={fraction} aria-hidden="true" />}
      {etaSeconds !== null && (
        <span className={classes['quiet']}>{words('timeLeft', { time: formatDuration(etaSeconds) })}</span>
      )}
      {waiting > 0 && <span className={classes['quiet']}>{words('waitingJobs', { count: waiting })}</span>}
    </Link>
  );
}

function MetersPart() {
  const words = useFrameWords();
  const meters = useStoreOf(createFrameStore, (state) => state.meters);
  if (meters === null) return null;
  const memory = `${formatBytes(meters.memoryUsedBytes)} / ${formatBytes(meters.memoryTotalBytes)}`;
  return (
    <Link to="/settings/$section" params={{ section: 'machine' }} className={classes['statusMeters']}>
      {words('meters', { processor: formatShare(meters.processor), memory })}
    </Link>
  );
}
