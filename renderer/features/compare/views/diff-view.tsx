import { useMemo, useState } from 'react';
import type { ComparisonTurn } from '#contract/comparisons.ts';
import { Select } from '../../../ui/select.tsx';
import { answerDiff, type DiffPart } from '../answer-diff.ts';
import { paneLetter } from '../compared-models.ts';
import { useComparisonWords } from '../comparison-words.ts';
import { DiffParts } from './diff-parts.tsx';
import classes from './diff-view.module.css';

interface DiffViewProps {
  readonly turn: ComparisonTurn;
  readonly first: readonly [number, number];
}

/** Two answers laid over each other. Loaded when first asked for. */
export function DiffView({ turn, first }: DiffViewProps) {
  const words = useComparisonWords();
  const [[left, right], setPanes] = useState(first);
  const textOf = (pane: number): string => turn.answers.find((answer) => answer.pane === pane)?.text ?? '';
  const leftText = textOf(left);
  const rightText = textOf(right);
  const diff = useMemo(() => answerDiff(leftText, rightText), [leftText, rightText]);
  const letters = { left: paneLetter(left), right: paneLetter(right) };
  return (
    <section className={classes['diff']} aria-label={words('differencesOf', letters)}>
      <header className={classes['head']}>
        <h4>{words('differencesOf', letters)}</h4>
        {turn.answers.length > 2 && <PaneChoice turn={turn} panes={[left, right]} onChange={setPanes} />}
        <span className={classes['legend']}>
          <del className={classes['left']}>{words('onlyIn', { letter: letters.left })}</del>
          <ins className={classes['right']}>{words('onlyIn', { letter: letters.right })}</ins>
        </span>
      </header>
      {diff.by !== 'words' && <p className="type-small">{words(diff.by === 'lines' ? 'byLines' : 'byWhole')}</p>}
      {leftText === rightText ? <p>{words('sameAnswers')}</p> : <Parts parts={diff.parts} />}
    </section>
  );
}

function Parts({ parts }: { readonly parts: readonly DiffPart[] }) {
  return (
    <div className={classes['text']} tabIndex={0} role="group">
      <DiffParts parts={parts} />
    </div>
  );
}

interface PaneChoiceProps {
  readonly turn: ComparisonTurn;
  readonly panes: readonly [number, number];
  readonly onChange: (panes: readonly [number, number]) => void;
}

function PaneChoice({ turn, panes: [left, right], onChange }: PaneChoiceProps) {
  const words = useComparisonWords();
  const options = (other: number) =>
    turn.answers
      .filter(({ pane }) => pane !== other)
      .map(({ pane, label }) => ({
        value: String(pane),
        label: label === paneLetter(pane) ? label : `${paneLetter(pane)} · ${label}`,
      }));
  return (
    <span className={classes['choice']}>
      <Select
        label={words('left')}
        value={String(left)}
        options={options(right)}
        onChange={(pane) => onChange([Number(pane), right])}
      />
      <Select
        label={words('right')}
        value={String(right)}
        options={options(left)}
        onChange={(pane) => onChange([left, Number(pane)])}
      />
    </span>
  );
}
