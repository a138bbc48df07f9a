import { lazy, Suspense, useEffect, useRef } from 'react';
import type { MainJobDraft } from '#contract/drafts.ts';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { planText, readPlanText, updatedPlanText, type PlanReading } from '../plan-document.ts';
import { usePlanWords } from '../plan-words.ts';
import styles from './plan-step.module.css';

const PlanEditor = lazy(() =>
  import('./plan-editor.tsx').then(({ PlanEditor: component }) => ({ default: component })),
);

export interface PlanTextProps {
  /** Null: not written yet. Kept by the page, so that going to the form and back loses nothing. */
  readonly text: string | null;
  readonly request: MainJobDraft['request'];
  readonly recipe: Readonly<Record<string, unknown>> | null;
  readonly reasons: Readonly<Record<string, string>>;
  readonly onText: (text: string) => void;
  readonly onRequest: (request: MainJobDraft['request']) => void;
}

/** The same plan as text: what is valid is decided at once, what is not is told at its place. */
export function PlanText({ text, request, recipe, reasons, onText, onRequest }: PlanTextProps) {
  const words = usePlanWords();
  const isFocused = useRef(false);
  const shown = text ?? planText(request, recipe, words('yamlHeading'));
  const reading = readPlanText(shown, request, recipe);
  const bringUpToDate = (): void => {
    const updated = updatedPlanText(shown, request, recipe);
    if (reading.ok && updated !== text) onText(updated);
  };
  // The plan moves on by itself (a recipe that was made anew); the text follows while nobody is writing in it.
  useEffect(() => {
    if (!isFocused.current) bringUpToDate();
  });
  const write = (next: string): void => {
    onText(next);
    const read = readPlanText(next, request, recipe);
    if (read.ok) onRequest(read.request);
  };
  return (
    <div className={styles['group']}>
      <div className={styles['editor']}>
        <Suspense fallback={<Skeleton lines={12} height={1.125} />}>
          <PlanEditor
            text={shown}
            problems={reading.ok ? [] : reading.problems.map((one) => ({ ...one, message: problemText(one, words) }))}
            recipe={recipe ?? {}}
            reasons={reasons}
            label={words('yamlLabel')}
            onChange={write}
            onFocus={(focused) => {
              isFocused.current = focused;
              if (!focused) bringUpToDate();
            }}
          />
        </Suspense>
      </div>
      <p className={styles['small']}>{words('yamlKeys')}</p>
      <Problems reading={reading} />
    </div>
  );
}

type Problem = Extract<PlanReading, { ok: false }>['problems'][number];

function problemText({ kind, detail }: Problem, words: ReturnType<typeof usePlanWords>): string {
  return words(`problem_${kind}`, { detail });
}

function Problems({ reading }: { readonly reading: PlanReading }) {
  const words = usePlanWords();
  if (reading.ok) return null;
  return (
    <Notice tone="bad" title={words('problems', { count: reading.problems.length })}>
      <ul className={styles['problems']}>
        {reading.problems.slice(0, 8).map((problem) => (
          <li key={`${problem.path}-${problem.from}-${problem.kind}`}>
            {problem.path !== '' && <code>{problem.path}</code>} {problemText(problem, words)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
