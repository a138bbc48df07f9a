import ListPlus from 'lucide-react/icons/list-plus';
import { useState } from 'react';
import { Button } from '../../../../ui/button.tsx';
import { ErrorNotice } from '../../../../ui/error-notice.tsx';
import { Field } from '../../../../ui/field.tsx';
import { ProgressBar } from '../../../../ui/progress.tsx';
import { TextInput } from '../../../../ui/text-input.tsx';
import { formatNumber } from '../../../../words/format.ts';
import { namePattern } from '../../dataset-rows.ts';
import { useDatasetsWords } from '../../datasets-words.ts';
import { shareDone } from '../../foundry-jobs.ts';
import { isOf } from '../scripts-store.ts';
import { longestSource, scriptNamePattern } from '../script-text.ts';
import type { ScriptTabProps } from './script-tab.tsx';
import styles from './script.module.css';

/** Rows of a try; as `triedRows` of the engine. */
const triedRows = 200;

/** Trying, running over all rows, and what went wrong. */
export function ScriptRun(props: ScriptTabProps) {
  const { version, state, handlers } = props;
  const words = useDatasetsWords();
  const { running, tried, failed } = state;
  const reason = useReason(props);
  const isTried = isOf(tried, state.draft);
  const rows = Math.min(triedRows, version?.rows ?? triedRows);
  return (
    <>
      <div className={styles['acts']}>
        <Button
          kind={isTried ? 'plain' : 'primary'}
          busy={running?.mode === 'try'}
          disabledReason={reason}
          onClick={handlers.tryIt}
        >
          {isTried ? words('tryAgain') : words('tryScript', { count: rows, rows: formatNumber(rows) })}
        </Button>
        <Button icon={<ListPlus />} disabledReason={reason} onClick={handlers.addAsStep}>
          {words('addAsStep')}
        </Button>
        <p className={styles['small']}>{words('addAsStepHint')}</p>
      </div>
      {running !== null && (
        <div className={styles['running']}>
          <ProgressBar
            showLabel
            label={words(running.mode === 'try' ? 'trying' : 'transforming')}
            fraction={running.job === null || running.mode === 'try' ? null : shareDone(running.job)}
          />
          <Button onClick={handlers.stop}>{words('stop')}</Button>
        </div>
      )}
      {failed !== null && (
        <div className={styles['part']}>
          <ErrorNotice failure={failed.value} />
          <Traceback detail={failed.value.detail} />
        </div>
      )}
      {isTried && <RunAll {...props} />}
    </>
  );
}

/** Why neither a try nor a step can be had now; null where they can. */
function useReason({ state: { draft, sandboxes, running } }: ScriptTabProps): string | null {
  const words = useDatasetsWords();
  if (!scriptNamePattern.test(draft.script)) return words('scriptNameRule');
  if (draft.source.trim() === '') return words('scriptEmpty');
  if (draft.source.length > longestSource) return words('scriptTooLong');
  if (sandboxes.value !== null && sandboxes.value.every(({ isFit }) => !isFit)) return words('noSandboxTitle');
  return running?.mode === 'all' ? words('transforming') : null;
}

function Traceback({ detail }: { readonly detail: Readonly<Record<string, unknown>> }) {
  const words = useDatasetsWords();
  const text = detail['traceback'];
  if (typeof text !== 'string' || text === '') return null;
  return (
    <pre className={styles['traceback']} tabIndex={0} role="region" aria-label={words('traceback')}>
      {text}
    </pre>
  );
}

function RunAll(props: ScriptTabProps) {
  const { version, state, handlers } = props;
  const words = useDatasetsWords();
  const [name, setName] = useState('');
  const reason = useReason(props);
  const isNamed = name === '' || namePattern.test(name);
  const rows = version?.rows ?? 0;
  return (
    <form
      className={styles['runAll']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isNamed && reason === null) handlers.runAll(name === '' ? null : name);
      }}
    >
      <Field label={words('freezeAs')} hint={words('freezeHint')} error={isNamed ? null : words('nameRule')}>
        <TextInput value={name} onChange={setName} />
      </Field>
      <Button
        type="submit"
        kind="primary"
        busy={state.running?.mode === 'all'}
        disabledReason={isNamed ? reason : words('nameRule')}
      >
        {words('runAll', { count: rows, rows: formatNumber(rows) })}
      </Button>
    </form>
  );
}
