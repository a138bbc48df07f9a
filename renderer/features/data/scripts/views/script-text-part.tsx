import FilePlus from 'lucide-react/icons/file-plus';
import FileUp from 'lucide-react/icons/file-up';
import History from 'lucide-react/icons/history';
import { lazy, Suspense, useRef } from 'react';
import { Button } from '../../../../ui/button.tsx';
import { Field } from '../../../../ui/field.tsx';
import { Menu } from '../../../../ui/menu.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { TextInput } from '../../../../ui/text-input.tsx';
import { useDatasetsWords } from '../../datasets-words.ts';
import { isOf } from '../scripts-store.ts';
import { problemsOf, scriptNamePattern } from '../script-text.ts';
import type { ScriptTabProps } from './script-tab.tsx';
import styles from './script.module.css';

const PythonEditor = lazy(() =>
  import('./python-editor.tsx').then(({ PythonEditor: component }) => ({ default: component })),
);

/** The script itself, its name, and where another one comes from. */
export function ScriptText({ state, problem, handlers }: ScriptTabProps) {
  const words = useDatasetsWords();
  const { draft, failed } = state;
  const isNamed = scriptNamePattern.test(draft.script);
  const problems = failed !== null && isOf(failed, draft) ? problemsOf(draft.source, failed.value.detail) : [];
  return (
    <>
      <div className={styles['tools']}>
        <Field className={styles['name']} label={words('scriptName')} error={isNamed ? null : words('scriptNameRule')}>
          <TextInput code maxLength={64} value={draft.script} onChange={(script) => handlers.change({ script })} />
        </Field>
        <Sources state={state} handlers={handlers} />
      </div>
      {problem !== null && (
        <Notice tone="warn">
          <span role="alert">{problem}</span>
        </Notice>
      )}
      <div>
        <div className={styles['editor']}>
          <Suspense fallback={<Skeleton lines={14} height={1.125} />}>
            <PythonEditor
              text={draft.source}
              problems={problems}
              label={words('scriptLabel')}
              onChange={(source) => handlers.change({ source })}
            />
          </Suspense>
        </div>
        <p className={styles['small']}>{words('scriptKeys')}</p>
      </div>
    </>
  );
}

function Sources({ state: { kept }, handlers }: Pick<ScriptTabProps, 'state' | 'handlers'>) {
  const words = useDatasetsWords();
  const input = useRef<HTMLInputElement>(null);
  const scripts = kept.value ?? [];
  return (
    <div className={styles['sources']}>
      <Menu
        align="end"
        trigger={
          <Button icon={<History />} disabledReason={scripts.length === 0 ? words('noKeptScripts') : null}>
            {words('keptScripts')}
          </Button>
        }
        items={scripts.map(({ script }) => ({
          id: script,
          label: `${script}.py`,
          onSelect: () => handlers.openKept(script),
        }))}
      />
      <Button icon={<FilePlus />} onClick={handlers.startOver}>
        {words('newScript')}
      </Button>
      <Button icon={<FileUp />} onClick={() => input.current?.click()}>
        {words('chooseScript')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        accept=".py"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file !== undefined) handlers.bring(file);
        }}
      />
    </div>
  );
}
