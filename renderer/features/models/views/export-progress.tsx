import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { formatBytes } from '../../../words/format.ts';
import { mendedRequest, type ExportRun } from '../export-run.ts';
import { useModelsWords } from '../models-words.ts';
import type { ModelHandlers } from './models-props.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import classes from './models-view.module.css';

interface ExportProgressProps {
  readonly id: string;
  readonly run: ExportRun;
  readonly handlers: Pick<ModelHandlers, 'export' | 'endExport' | 'reveal'>;
  /** Opens the dialog again, with what was chosen. */
  readonly onElsewhere: () => void;
}

/** How far an export is, and what came of it. */
export function ExportProgress({ id, run, handlers, onElsewhere }: ExportProgressProps) {
  const words = useModelsWords();
  const { say } = useSpeaker();
  const close = (
    <Button kind="quiet" onClick={() => handlers.endExport(id)}>
      {words(run.kind === 'running' ? 'stopExport' : 'close')}
    </Button>
  );
  if (run.kind === 'running')
    return (
      <div className={classes['block']} aria-live="polite">
        <ProgressBar fraction={run.fraction} label={words('exporting', { id })} showLabel text={say(run.text)} />
        <div className={classes['row']}>{close}</div>
      </div>
    );
  if (run.kind === 'failed') return <Failed run={run} handlers={handlers} close={close} onElsewhere={onElsewhere} />;
  return <Written run={run} handlers={handlers} close={close} />;
}

interface OutcomeProps<Kind extends ExportRun['kind']> extends Pick<ExportProgressProps, 'handlers'> {
  readonly run: Extract<ExportRun, { kind: Kind }>;
  readonly close: ReactNode;
}

/** Failures that another place to write to mends. */
const aboutPlace: ReadonlySet<string> = new Set([
  'export.target-refused',
  'export.target-not-replaceable',
  'export.disk-full',
]);

/** The engine's remedy speaks of the command line; where a button does it, the words are the button's. */
function Failed({
  run,
  handlers,
  close,
  onElsewhere,
}: OutcomeProps<'failed'> & Pick<ExportProgressProps, 'onElsewhere'>) {
  const words = useModelsWords();
  const speaker = useSpeaker();
  const mended = mendedRequest(run);
  if (mended === null)
    return (
      <ErrorNotice
        failure={run.failure}
        onRetry={() => handlers.export(run.request)}
        actions={
          <>
            {aboutPlace.has(run.failure.code) && <Button onClick={onElsewhere}>{words('otherPlace')}</Button>}
            {close}
          </>
        }
      />
    );
  const remedy = words(mended.overwrite ? 'remedyExists' : 'remedyWorse');
  return (
    <ErrorNotice
      failure={{ ...run.failure, message: speaker.failure(run.failure).message, remedy, code: '' }}
      actions={
        <>
          <Button onClick={() => handlers.export(mended)}>
            {words(mended.overwrite ? 'overwrite' : 'evenIfWorse')}
          </Button>
          {close}
        </>
      }
    />
  );
}

function Written({ run, handlers, close }: OutcomeProps<'done'>) {
  const words = useModelsWords();
  const { path, sizeBytes, isMeasured, check } = run.result;
  return (
    <Notice
      tone={check?.passed === false ? 'warn' : 'good'}
      title={words('exported', { size: formatBytes(sizeBytes) })}
    >
      <p className={classes['code']} title={path}>
        {path}
      </p>
      {check !== null && <p>{words(isMeasured ? 'isMeasured' : 'notTheMeasured')}</p>}
      <div className={classes['row']}>
        <CopyButton text={path} label={words('exportedPath')} kind="plain">
          {words('exportedPath')}
        </CopyButton>
        <Button onClick={() => handlers.reveal(path)}>{words('showFile')}</Button>
        {close}
      </div>
    </Notice>
  );
}
