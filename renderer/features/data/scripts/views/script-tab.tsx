import type { DatasetVersion } from '#contract/dataset-versions.ts';
import { useDatasetsWords } from '../../datasets-words.ts';
import { isOf, type ScriptDraft, type ScriptsState } from '../scripts-store.ts';
import { ScriptAllowances } from './script-allowances.tsx';
import { ScriptMade } from './script-made.tsx';
import { ScriptReviewed } from './script-reviewed.tsx';
import { ScriptRun } from './script-run.tsx';
import { ScriptSandbox } from './script-sandbox.tsx';
import { ScriptText } from './script-text-part.tsx';
import { ScriptTried } from './script-tried.tsx';
import styles from './script.module.css';

export interface ScriptHandlers extends Pick<ScriptsState, 'change' | 'show' | 'startOver'> {
  openKept(script: string): void;
  /** A file that was chosen. */
  bring(file: File): void;
  lookForSandboxes(): void;
  lookForAllSandboxes(): void;
  tryIt(): void;
  runAll(as: string | null): void;
  stop(): void;
  addAsStep(): void;
}

export interface ScriptTabProps {
  /** Null while it is read. */
  readonly version: DatasetVersion | null;
  readonly state: Pick<
    ScriptsState,
    'draft' | 'kept' | 'sandboxes' | 'allSandboxes' | 'review' | 'running' | 'tried' | 'made' | 'failed' | 'shown'
  >;
  /** Why the file that was brought is none. */
  readonly problem: string | null;
  readonly handlers: ScriptHandlers;
}

/** A script is written or brought, looked at as a difference, tried on the first rows, and only then run over all of them (D-28). */
export function ScriptTab(props: ScriptTabProps) {
  const words = useDatasetsWords();
  const { state, handlers } = props;
  return (
    <div className={styles['script']}>
      <p className={styles['muted']}>{words('scriptText')}</p>
      <ScriptText {...props} />
      <ScriptReviewed review={state.review} />
      <ScriptAllowances draft={state.draft} onChange={handlers.change} />
      <ScriptSandbox
        sandboxes={state.sandboxes}
        all={state.allSandboxes}
        onLook={handlers.lookForSandboxes}
        onLookForAll={handlers.lookForAllSandboxes}
      />
      <ScriptRun {...props} />
      {state.made !== null && <ScriptMade report={state.made} />}
      {state.tried !== null && (
        <ScriptTried
          report={state.tried.value}
          isOld={isOldFor(state, state.draft)}
          shown={state.shown}
          onShow={handlers.show}
        />
      )}
    </div>
  );
}

function isOldFor({ tried }: ScriptTabProps['state'], draft: ScriptDraft): boolean {
  return !isOf(tried, draft);
}
