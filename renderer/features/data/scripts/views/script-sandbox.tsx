import type { SandboxReport } from '#contract/scripts.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { ErrorNotice } from '../../../../ui/error-notice.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Spinner } from '../../../../ui/spinner.tsx';
import { Term } from '../../../../ui/term.tsx';
import type { Loaded } from '../../../create/loaded.ts';
import { useDatasetsWords } from '../../datasets-words.ts';
import styles from './script.module.css';

interface ScriptSandboxProps {
  readonly sandboxes: Loaded<readonly SandboxReport[]>;
  /** All kinds, once they were asked for. */
  readonly all: Loaded<readonly SandboxReport[]>;
  readonly onLook: () => void;
  readonly onLookForAll: () => void;
}

/** The sandbox that is used, by name; where none holds, why, and what to install. */
export function ScriptSandbox({ sandboxes, all, onLook, onLookForAll }: ScriptSandboxProps) {
  const { value, isLoading, failure } = sandboxes;
  const words = useDatasetsWords();
  if (failure !== null && !isLoading) return <ErrorNotice failure={failure} onRetry={onLook} />;
  if (value === null || isLoading)
    return (
      <div className={styles['looking']}>
        <p className={styles['runsIn']} role="status">
          <Spinner size="small" silent /> {words('runsInLooking')}
        </p>
      </div>
    );
  const used = value.find(({ isFit }) => isFit);
  if (used === undefined)
    return (
      <Notice
        tone="bad"
        title={words('noSandboxTitle')}
        action={<Button onClick={onLook}>{words('lookAgain')}</Button>}
      >
        <p>{words('noSandboxText')}</p>
        <div className={styles['notHere']}>
          <Kinds sandboxes={value} />
        </div>
      </Notice>
    );
  return (
    <div className={styles['part']}>
      <p className={styles['runsIn']}>
        <span>
          <Term id="sandbox">{words('runsIn')}</Term>: <strong>{used.label}</strong>
        </span>
        <span className={styles['muted']} dir="auto">
          {words('runsInDetail', { detail: used.detail })}
        </span>
      </p>
      <p className={styles['small']}>{words('limitsText')}</p>
      <details
        className={styles['kinds']}
        onToggle={({ currentTarget }) => {
          if (currentTarget.open && all.value === null && !all.isLoading) onLookForAll();
        }}
      >
        <summary>{words('otherSandboxes')}</summary>
        <Kinds sandboxes={all.value ?? value} />
        {all.isLoading && (
          <p className={styles['runsIn']} role="status">
            <Spinner size="small" silent /> {words('lookingForAll')}
          </p>
        )}
        {all.failure !== null && <ErrorNotice failure={all.failure} onRetry={onLookForAll} />}
      </details>
    </div>
  );
}

function Kinds({ sandboxes }: { readonly sandboxes: readonly SandboxReport[] }) {
  const words = useDatasetsWords();
  return (
    <ul className={styles['kindList']}>
      {sandboxes.map(({ name, label, isFit, detail }) => (
        <li key={name}>
          <span>{label}</span>
          <Badge tone={isFit ? 'good' : 'neutral'}>{words(isFit ? 'sandboxFit' : 'sandboxUnfit')}</Badge>
          <span className={styles['muted']} dir="auto">
            {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}
